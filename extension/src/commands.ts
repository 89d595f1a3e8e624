/**
 * What a person can run; each failure is told to whoever ran it.
 *
 * The server's own commands have other ids (`ServerCommand`); the client library
 * registers those, and VS Code refuses a second command of the same id.
 */
import { commands, Disposable, l10n, window } from 'vscode';

import { messageOf } from './failures';

export const Command = {
  generateHere: 'orps.generateHere',
  cancelSearch: 'orps.cancelSearch',
  resumeSearch: 'orps.resumeSearch',
  showSearch: 'orps.showSearch',
  showDiff: 'orps.showDiff',
  showFullDiff: 'orps.showFullDiff',
  compareBest: 'orps.compareBest',
  showPrompt: 'orps.showPrompt',
  setApiKey: 'orps.setApiKey',
  chooseModel: 'orps.chooseModel',
  createEnvironment: 'orps.createEnvironment',
  showLogs: 'orps.showLogs',
  showServerLogs: 'orps.showServerLogs',
  restart: 'orps.restart',
  doctor: 'orps.doctor',
  openWalkthrough: 'orps.openWalkthrough',
  openSample: 'orps.openSample',
  /** The status bar's menu; not in the palette. */
  showMenu: 'orps.showMenu',
  /** What is left to do once ghost text was accepted; not in the palette. */
  ghostAccepted: 'orps.ghostAccepted',
} as const;

/** Arguments come from menus, lenses and views, and are not to be relied on. */
export type Action = (...args: unknown[]) => unknown;

export function registerCommands(actions: Readonly<Record<string, Action>>): Disposable {
  const registered = Object.entries(actions).map(([id, action]) =>
    commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await action(...args);
      } catch (error) {
        await showFailure(error);
        return undefined;
      }
    }),
  );
  return Disposable.from(...registered);
}

/** What went wrong could be put right by a command of ours. */
export class Remediable extends Error {
  readonly command: string;
  readonly title: string;

  constructor(message: string, remedy: { readonly command: string; readonly title: string }) {
    super(message);
    this.command = remedy.command;
    this.title = remedy.title;
  }
}

/** Tells the person why what they asked for did not happen, with what can be done. */
export async function showFailure(error: unknown): Promise<void> {
  const remedies = new Map<string, string>([[l10n.t('Show Logs'), Command.showServerLogs]]);
  if (error instanceof Remediable) {
    remedies.set(error.title, error.command);
  }
  const titles = [...remedies.keys()].reverse();
  const chosen = await window.showErrorMessage(messageOf(error), ...titles);
  const command = chosen === undefined ? undefined : remedies.get(chosen);
  if (command !== undefined) {
    await commands.executeCommand(command);
  }
}
