/**
 * Commands that start, stop and continue searches, and show what one would send.
 */
import { l10n, window } from 'vscode';

import type { OrpsClient } from './client';
import { Command, type Action } from './commands';
import { ServerCommand, type CancelParams, type GenerateParams } from './lspExt';
import { pickSearch, searchIdOf } from './searchPick';

export function searchActions(client: OrpsClient): Record<string, Action> {
  return {
    [Command.generateHere]: () => generateHere(client),
    [Command.cancelSearch]: (named) => cancel(client, searchIdOf(named)),
    [Command.showPrompt]: () => showPrompt(client),
    [Command.resumeSearch]: (named) => resume(client, searchIdOf(named)),
  };
}

/** Where the person is, as the server wants to be told; says what is missing. */
export function functionHere(): GenerateParams | undefined {
  const editor = window.activeTextEditor;
  if (editor?.document.languageId !== 'python' || editor.document.uri.scheme !== 'file') {
    void window.showInformationMessage(
      l10n.t('ORPS: put the cursor in a function of a Python file.'),
    );
    return undefined;
  }
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

async function generateHere(client: OrpsClient): Promise<void> {
  const params = functionHere();
  if (params !== undefined) {
    await client.execute(ServerCommand.generate, params);
  }
}

/** Shows exactly what a model would be sent; sends nothing. */
async function showPrompt(client: OrpsClient): Promise<void> {
  const params = functionHere();
  if (params !== undefined) {
    await client.execute(ServerCommand.previewPrompt, params);
  }
}

/** Without a name every search is stopped. */
async function cancel(client: OrpsClient, searchId: string | undefined): Promise<void> {
  const params: CancelParams = searchId === undefined ? {} : { searchId };
  await client.execute(ServerCommand.cancel, params);
}

async function resume(client: OrpsClient, named: string | undefined): Promise<void> {
  const searchId =
    named ?? (await pickSearch(client.store, ({ resumable }) => resumable))?.searchId;
  if (searchId === undefined) {
    return;
  }
  if (!client.knows(ServerCommand.resume)) {
    throw new Error(
      l10n.t('This server resumes searches in a terminal: orps-lsp resume {0}', searchId),
    );
  }
  await client.execute(ServerCommand.resume, { searchId });
}
