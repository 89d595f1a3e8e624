/**
 * The searches in one short line, for the status bar; no editor needed.
 */
import type { SearchSnapshot } from './lspExt';
import { isRunning, tokensOf } from './searchStore';

/** What the status bar shows; `undefined` before the first search. */
export interface StatusView {
  readonly text: string;
  readonly tooltip: string;
}

export function statusView(searches: readonly SearchSnapshot[]): StatusView | undefined {
  const running = searches.filter(isRunning);
  const [shown] = running.length > 0 ? running : searches;
  if (shown === undefined) {
    return undefined;
  }
  const icon = running.length > 0 ? '$(sync~spin)' : '$(beaker)';
  const count = running.length > 1 ? ` ${running.length} searches,` : '';
  const listed = running.length > 0 ? running : [shown];
  return {
    text: `${icon} ORPS${count} ${summary(shown)}`,
    tooltip: listed.map((search) => `${search.function}: ${inFull(search)}`).join('\n'),
  };
}

/** "12/40, best 2/3, 8.1k tokens". */
function summary(search: SearchSnapshot): string {
  const parts = [
    search.state === 'running' ? progress(search) : stateOf(search),
    best(search),
    cost(search),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function inFull(search: SearchSnapshot): string {
  const { requests, seconds } = search.usage;
  const [first] = search.candidates;
  return [
    stateOf(search),
    search.state === 'running' ? progress(search) : '',
    first?.title ?? 'no candidate yet',
    requests > 0 ? `${requests} requests` : '',
    cost(search),
    `${seconds.toFixed(1)} s`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

export function stateOf({ state, error }: SearchSnapshot): string {
  return state === 'awaitingConsent' ? 'waits for your consent' : error === null ? state : 'failed';
}

function progress({ expansions: { done, max } }: SearchSnapshot): string {
  if (max !== null) {
    return `${done}/${max}`;
  }
  return done === 0 ? 'searching' : `${done}`;
}

function best({ candidates: [first] }: SearchSnapshot): string {
  return first === undefined ? '' : `best ${first.passed}/${first.total}`;
}

function cost(search: SearchSnapshot): string {
  const tokens = tokensOf(search);
  if (tokens === 0) {
    return '';
  }
  return tokens < 1000 ? `${tokens} tokens` : `${(tokens / 1000).toFixed(1)}k tokens`;
}
