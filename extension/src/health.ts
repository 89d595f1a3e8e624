/**
 * How the server is, in the words that the language status item shows.
 */

export type Health =
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly version: string }
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
      return view('ORPS is off', explanation(health), 'warning');
    case 'starting':
      return { ...view('ORPS is starting'), busy: true };
    case 'running':
      return view('ORPS is ready', `orps-lsp ${health.version}`);
    case 'failed':
      return view('ORPS does not run', explanation(health), 'error');
    case 'stopped':
      return view('ORPS is stopped');
  }
}

/** Why nothing can be asked of the server; `undefined` while it runs. */
export function whyNot(health: Health): string | undefined {
  return health.kind === 'running' ? undefined : explanation(health);
}

function explanation(health: Exclude<Health, { kind: 'running' }>): string {
  switch (health.kind) {
    case 'untrusted':
      return 'ORPS runs your tests and generated code; trust this workspace to use it.';
    case 'starting':
      return 'The server is still starting; try again in a moment.';
    case 'failed':
      return `${health.message} ${health.remedy}`;
    case 'stopped':
      return 'The server is stopped; "ORPS: Restart Server" starts it.';
  }
}

function view(
  text: string,
  detail = '',
  severity: HealthView['severity'] = 'information',
): HealthView {
  return { text, detail, severity, busy: false };
}
