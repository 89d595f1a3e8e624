/**
 * What the server's protocol adds to LSP; mirrors server/orps_server/lsp_ext.py and
 * docs/lsp-extensions.md.
 */

/** Ids that the server advertises; the client library registers them, we must not. */
export const ServerCommand = {
  generate: 'orps.generate',
  cancel: 'orps.cancel',
  apply: 'orps.apply',
  report: 'orps.report',
  status: 'orps.status',
} as const;

export type ServerCommand = (typeof ServerCommand)[keyof typeof ServerCommand];

/** The kind of every code action of the server. */
export const ACTION_KIND = 'refactor.rewrite.orps';

/** Names the function by a position inside it. */
export interface GenerateParams {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
}

/** Without a member: every search. */
export interface CancelParams {
  readonly searchId?: string;
}
