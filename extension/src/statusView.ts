/**
 * The searches in one short line, for the status bar; no editor needed.
 */
import * as l10n from '@vscode/l10n';

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
  const count = running.length > 1 ? ` ${l10n.t('{0} searches', running.length)},` : '';
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
    first?.title ?? l10n.t('no candidate yet'),
    requests > 0 ? l10n.t('{0} requests', requests) : '',
    cost(search),
    `${seconds.toFixed(1)} s`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

export function stateOf({ state, error }: SearchSnapshot): string {
  if (error !== null) {
    return l10n.t('failed');
  }
  switch (state) {
    case 'queued':
      return l10n.t('queued');
    case 'awaitingConsent':
      return l10n.t('waits for your consent');
    case 'running':
      return l10n.t('running');
    case 'done':
      return l10n.t('done');
    case 'cancelled':
      return l10n.t('cancelled');
    case 'failed':
      return l10n.t('failed');
    case 'interrupted':
      return l10n.t('interrupted');
  }
}

function progress({ expansions: { done, max } }: SearchSnapshot): string {
  if (max !== null) {
    return `${done}/${max}`;
  }
  return done === 0 ? l10n.t('searching') : `${done}`;
}

function best({ candidates: [first] }: SearchSnapshot): string {
  return first === undefined ? '' : l10n.t('best {0}/{1}', first.passed, first.total);
}

function cost(search: SearchSnapshot): string {
  const tokens = tokensOf(search);
  if (tokens === 0) {
    return '';
  }
  return l10n.t('{0} tokens', tokens < 1000 ? tokens : `${(tokens / 1000).toFixed(1)}k`);
}
