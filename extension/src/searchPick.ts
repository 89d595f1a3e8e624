/**
 * Which search a command is about: the one that a view or a lens names, the only one,
 * or one that the person picks.
 */
import { l10n, window } from 'vscode';

import type { SearchSnapshot } from './lspExt';
import type { SearchStore } from './searchStore';
import { stateOf } from './statusView';

/** From an id, or from anything that carries one, as tree items and lenses do. */
export function searchIdOf(named: unknown): string | undefined {
  if (typeof named === 'string') {
    return named;
  }
  return property(named, 'searchId');
}

export function candidateIdOf(named: unknown): string | undefined {
  return property(named, 'candidateId');
}

export async function pickSearch(
  store: SearchStore,
  concerns: (search: SearchSnapshot) => boolean = () => true,
): Promise<SearchSnapshot | undefined> {
  const searches = store.searches.filter(concerns);
  if (searches.length === 0) {
    void window.showInformationMessage(l10n.t('ORPS: there is no search yet.'));
  }
  if (searches.length < 2) {
    return searches[0];
  }
  const items = searches.map((search) => ({
    label: search.function,
    description: [stateOf(search), search.candidates[0]?.title ?? ''].filter(Boolean).join(', '),
    search,
  }));
  return (await window.showQuickPick(items, { title: l10n.t('Which search?') }))?.search;
}

function property(named: unknown, name: string): string | undefined {
  const value =
    typeof named === 'object' && named !== null
      ? (named as Record<string, unknown>)[name]
      : undefined;
  return typeof value === 'string' ? value : undefined;
}
