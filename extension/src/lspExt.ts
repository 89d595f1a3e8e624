/**
 * What the server's protocol adds to LSP; mirrors server/orps_server/lsp_ext.py,
 * snapshot.py and docs/lsp-extensions.md.
 */

/** Ids that the server advertises; the client library registers them, we must not. */
export const ServerCommand = {
  generate: 'orps.generate',
  cancel: 'orps.cancel',
  resume: 'orps.resume',
  apply: 'orps.apply',
  preview: 'orps.preview',
  previewPrompt: 'orps.previewPrompt',
  report: 'orps.report',
  status: 'orps.status',
} as const;

export type ServerCommand = (typeof ServerCommand)[keyof typeof ServerCommand];

/** What we send and answer of LSP itself. */
export const Lsp = {
  executeCommand: 'workspace/executeCommand',
  resolveCodeAction: 'codeAction/resolve',
  settingsChanged: 'workspace/didChangeConfiguration',
  askPerson: 'window/showMessageRequest',
} as const;

/** Requests and notifications beyond LSP. */
export const Message = {
  searchDidChange: 'orps/searchDidChange',
  searches: 'orps/searches',
  candidate: 'orps/candidate',
  tree: 'orps/tree',
  prompt: 'orps/prompt',
  setSecret: 'orps/setSecret',
  serverStatus: 'experimental/serverStatus',
} as const;

/** `capabilities.experimental.orps.protocol` of the servers that we understand. */
export const PROTOCOL = 1;

export interface ServerStatus {
  readonly health: 'ok' | 'warning' | 'error';
  readonly message: string | null;
  /** The tier of the latest executions; `null` before the first. */
  readonly sandbox?: 'A' | 'B' | 'C' | null;
}

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

export interface CandidateRef {
  readonly searchId: string;
  readonly candidateId: string;
}

export type SearchState =
  'queued' | 'awaitingConsent' | 'running' | 'done' | 'cancelled' | 'failed' | 'interrupted';

/** `SearchDidChangeParams`: all of a search, each time. */
export interface SearchSnapshot {
  readonly searchId: string;
  readonly revision: number;
  readonly uri: string;
  readonly function: string;
  readonly state: SearchState;
  readonly stopReason: string | null;
  readonly resumable: boolean;
  readonly proposer: string | null;
  readonly expansions: { readonly done: number; readonly max: number | null };
  readonly usage: {
    readonly requests: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly seconds: number;
  };
  /** Best first. */
  readonly candidates: readonly CandidateSummary[];
  readonly error: { readonly kind: string; readonly message: string } | null;
}

export interface CandidateSummary {
  readonly id: string;
  readonly parent: string | null;
  readonly round: number;
  readonly rank: number;
  /** The evidence in words: "passes 3 of 3 tests, 12 ms". */
  readonly title: string;
  readonly passed: number;
  readonly total: number;
  readonly milliseconds: number | null;
  readonly processReward: number | null;
  readonly outcomeReward: number;
}

export interface CandidateDetails extends CandidateSummary {
  readonly code: string;
  readonly reasoning: string;
  readonly critique: string | null;
  readonly tests: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly message: string;
  }[];
  readonly detail: string;
  readonly sandbox: { readonly tier: string; readonly judge: string };
}

/** What a code action to apply a candidate carries, from offer to resolve. */
export function applyData({ searchId, candidateId }: CandidateRef): object {
  return { v: 1, op: 'apply', s: searchId, c: candidateId };
}
