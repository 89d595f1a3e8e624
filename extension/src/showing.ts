/**
 * Commands that show candidates: in the text, beside it, several at once, as a search.
 */
import { commands, l10n, Uri } from 'vscode';

import type { OrpsClient } from './client';
import { Command, type Action } from './commands';
import { DiffCommand } from './inlineDiff/lenses';
import type { InlineDiffs } from './inlineDiff/diffs';
import { evidenceOf } from './inlineDiff/model';
import type { SearchSnapshot } from './lspExt';
import type { SearchPanels } from './searchPanel';
import { candidateIdOf, pickSearch, searchIdOf } from './searchPick';

/** More than these nobody compares. */
const MAX_COMPARED = 5;

interface Parts {
  readonly client: OrpsClient;
  readonly diffs: InlineDiffs;
  readonly panels: SearchPanels;
}

export function showActions({ client, diffs, panels }: Parts): Record<string, Action> {
  const searchOf = async (named: unknown) => {
    const searchId = searchIdOf(named);
    return searchId === undefined ? pickSearch(client.store) : client.store.get(searchId);
  };
  return {
    [DiffCommand.accept]: (named) => diffs.accept(named),
    [DiffCommand.next]: (named) => diffs.step(1, named),
    [DiffCommand.previous]: (named) => diffs.step(-1, named),
    [DiffCommand.better]: (named) => diffs.showBetter(named),
    [DiffCommand.dismiss]: (named) => diffs.dismiss(named),
    [DiffCommand.full]: (named) => fullDiff(client, diffs.shown(named)),
    [Command.showFullDiff]: (named) => fullDiff(client, named),
    [Command.showDiff]: async (named) => {
      const search = await searchOf(named);
      if (search !== undefined) {
        await diffs.show(search.searchId, candidateIdOf(named));
      }
    },
    [Command.showSearch]: async (named) => {
      const search = await searchOf(named);
      if (search !== undefined) {
        await panels.show(search);
      }
    },
    [Command.compareBest]: async (named) => {
      const search = await searchOf(named);
      if (search !== undefined) {
        await compareBest(client, search);
      }
    },
  };
}

/** The file now against the file with the candidate, in a diff editor. */
async function fullDiff(client: OrpsClient, named: unknown): Promise<void> {
  const search = client.store.get(searchIdOf(named) ?? '') ?? (await pickSearch(client.store));
  const candidate =
    search?.candidates.find(({ id }) => id === candidateIdOf(named)) ?? search?.candidates[0];
  if (search === undefined || candidate === undefined) {
    return;
  }
  await commands.executeCommand(
    'vscode.diff',
    client.toUri(search.uri),
    candidateUri(client, search, candidate.id),
    l10n.t('{0}: ORPS #{1}, {2}', search.function, candidate.rank, evidenceOf(candidate)),
  );
}

/** The best few candidates, each against the file, in one multi-diff editor. */
async function compareBest(client: OrpsClient, search: SearchSnapshot): Promise<void> {
  const file = client.toUri(search.uri);
  const changes = search.candidates.slice(0, MAX_COMPARED).map(({ id }) => {
    const uri = candidateUri(client, search, id);
    return [uri, file, uri];
  });
  await commands.executeCommand(
    'vscode.changes',
    l10n.t('{0}: the best {1} candidates', search.function, changes.length),
    changes,
  );
}

/** The document of the server that shows the file with a candidate (docs/lsp-extensions.md). */
function candidateUri(
  client: OrpsClient,
  { searchId, uri }: SearchSnapshot,
  candidateId: string,
): Uri {
  const file = client.toUri(uri).path;
  const name = file.slice(file.lastIndexOf('/') + 1);
  return Uri.from({ scheme: 'orps', path: `/candidate/${searchId}/${candidateId}/${name}` });
}
