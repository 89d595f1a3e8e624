/**
 * What a person can run from the palette, the context menu and the status bar.
 *
 * The server's own commands have other ids (`ServerCommand`); the client library
 * registers those, and VS Code refuses a second command of the same id.
 */
import { commands, window, type Disposable } from 'vscode';

import type { OrpsClient } from './client';
import type { Doctor } from './doctor';
import { whyNot } from './health';
import type { Logs } from './logs';
import { ServerCommand, type CancelParams, type GenerateParams } from './lspExt';

export const Command = {
  generateHere: 'orps.generateHere',
  cancelSearch: 'orps.cancelSearch',
  showLogs: 'orps.showLogs',
  showServerLogs: 'orps.showServerLogs',
  restart: 'orps.restart',
  doctor: 'orps.doctor',
  /** The status bar's menu; not in the palette. */
  showMenu: 'orps.showMenu',
} as const;

export function registerCommands(client: OrpsClient, logs: Logs, doctor: Doctor): Disposable[] {
  const actions: Record<(typeof Command)[keyof typeof Command], () => Promise<void> | void> = {
    [Command.generateHere]: () => generateHere(client),
    [Command.cancelSearch]: () => cancelSearches(client),
    [Command.showLogs]: () => {
      logs.extension.show();
    },
    [Command.showServerLogs]: () => {
      logs.server.show();
    },
    [Command.restart]: () => restart(client),
    [Command.doctor]: () => checkSetup(client, doctor),
    [Command.showMenu]: showMenu,
  };
  return Object.entries(actions).map(([id, action]) => commands.registerCommand(id, action));
}

/**
 * Tells the person why what they asked for did not happen.
 *
 * @param error what was thrown, or a message
 */
export async function showFailure(error: unknown): Promise<void> {
  const text = error instanceof Error ? error.message : String(error);
  // The server says who speaks, because other editors show its words as they are.
  const message = text.startsWith('ORPS: ') ? text : `ORPS: ${text}`;
  if ((await window.showErrorMessage(message, 'Show Logs')) !== undefined) {
    await commands.executeCommand(Command.showServerLogs);
  }
}

async function generateHere(client: OrpsClient): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor?.document.languageId !== 'python' || editor.document.uri.scheme !== 'file') {
    void window.showInformationMessage('ORPS: put the cursor in a function of a Python file.');
    return;
  }
  const { line, character } = editor.selection.active;
  const params: GenerateParams = {
    uri: editor.document.uri.toString(),
    position: { line, character },
  };
  await execute(client, ServerCommand.generate, params);
}

async function cancelSearches(client: OrpsClient): Promise<void> {
  const every: CancelParams = {};
  await execute(client, ServerCommand.cancel, every);
}

async function execute(client: OrpsClient, command: ServerCommand, params: object): Promise<void> {
  try {
    await client.execute(command, params);
  } catch (error) {
    void showFailure(error);
  }
}

async function restart(client: OrpsClient): Promise<void> {
  await client.restart();
  const reason = whyNot(client.health);
  if (reason !== undefined) {
    void showFailure(reason);
  }
}

async function checkSetup(client: OrpsClient, doctor: Doctor): Promise<void> {
  const found = await client.locate();
  if (found.kind === 'fault') {
    void showFailure(`${found.message} ${found.remedy}`);
    return;
  }
  await doctor.show(found);
}

async function showMenu(): Promise<void> {
  const entries = [
    { label: '$(debug-stop) Stop all searches', command: Command.cancelSearch },
    { label: '$(output) Show logs', command: Command.showServerLogs },
    { label: '$(pulse) Check the setup', command: Command.doctor },
    { label: '$(refresh) Restart the server', command: Command.restart },
  ];
  const chosen = await window.showQuickPick(entries, { title: 'ORPS' });
  if (chosen !== undefined) {
    await commands.executeCommand(chosen.command);
  }
}
