/**
 * How the server is, in the words that the language status item shows.
 */
import * as l10n from '@vscode/l10n';

import type { ServerStatus } from './lspExt';

export type Health =
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'running';
      readonly version: string;
      /** The version that this extension is made for, where the server's is another one. */
      readonly madeFor?: string;
      /** The latest that the server has told of itself. */
      readonly status?: ServerStatus;
    }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly remedy: string;
      /** The extension can make the server that is missing. */
      readonly canCreate?: boolean;
    }
  | { readonly kind: 'stopped' };

export interface HealthView {
  readonly text: string;
  readonly detail: string;
  readonly severity: 'information' | 'warning' | 'error';
  readonly busy: boolean;
}

export function healthView(health: Health): HealthView {
  switch (health.kind) {
    case 'untrusted':
      return view(l10n.t('ORPS is off'), explanation(health), 'warning');
    case 'starting':
      return { ...view(l10n.t('ORPS is starting')), busy: true };
    case 'running':
      return view(l10n.t('ORPS is ready'), facts(health), severityOf(health));
    case 'failed':
      return view(l10n.t('ORPS does not run'), explanation(health), 'error');
    case 'stopped':
      return view(l10n.t('ORPS is stopped'));
  }
}

/** Why nothing can be asked of the server; `undefined` while it runs. */
export function whyNot(health: Health): string | undefined {
  return health.kind === 'running' ? undefined : explanation(health);
}

type Running = Health & { kind: 'running' };

/** "orps-lsp 0.1.0, isolation tier A", and what the server complains of. */
function facts({ version, madeFor, status }: Running): string {
  const known = [
    `orps-lsp ${version}`,
    madeFor === undefined ? '' : l10n.t('this extension is made for {0}', madeFor),
    status?.sandbox ? l10n.t('isolation tier {0}', status.sandbox) : '',
  ];
  const listed = known.filter((fact) => fact !== '').join(', ');
  return status?.message ? `${listed}. ${status.message}` : listed;
}

function severityOf({ madeFor, status }: Running): HealthView['severity'] {
  switch (status?.health ?? 'ok') {
    case 'ok':
      return madeFor === undefined ? 'information' : 'warning';
    case 'warning':
      return 'warning';
    case 'error':
      return 'error';
  }
}

function explanation(health: Exclude<Health, { kind: 'running' }>): string {
  switch (health.kind) {
    case 'untrusted':
      return l10n.t('ORPS runs your tests and generated code; trust this workspace to use it.');
    case 'starting':
      return l10n.t('The server is still starting; try again in a moment.');
    case 'failed':
      return `${health.message} ${health.remedy}`;
    case 'stopped':
      return l10n.t('The server is stopped; "ORPS: Restart Server" starts it.');
  }
}

function view(
  text: string,
  detail = '',
  severity: HealthView['severity'] = 'information',
): HealthView {
  return { text, detail, severity, busy: false };
}
