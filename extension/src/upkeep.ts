/**
 * Commands about the server itself: its logs, its health, its life.
 */
import { commands, l10n, window } from 'vscode';

import { faultOf, type OrpsClient } from './client';
import { Command, type Action } from './commands';
import type { Doctor } from './doctor';
import type { Logs } from './logs';

const WALKTHROUGH = 'start';

interface Parts {
  readonly client: OrpsClient;
  readonly logs: Logs;
  readonly doctor: Doctor;
  /** Of this extension, `publisher.name`. */
  readonly id: string;
}

export function upkeepActions({ client, logs, doctor, id }: Parts): Record<string, Action> {
  return {
    [Command.showLogs]: () => {
      logs.extension.show();
    },
    [Command.showServerLogs]: () => {
      logs.server.show();
    },
    [Command.restart]: () => restart(client),
    [Command.doctor]: () => checkSetup(client, doctor),
    [Command.openWalkthrough]: () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${id}#${WALKTHROUGH}`, false),
    [Command.showMenu]: showMenu,
  };
}

async function restart(client: OrpsClient): Promise<void> {
  await client.restart();
  if (client.health.kind !== 'running') {
    throw faultOf(client.health);
  }
}

async function checkSetup(client: OrpsClient, doctor: Doctor): Promise<void> {
  const found = await client.locate();
  if (found.kind === 'fault') {
    throw new Error(`${found.message} ${found.remedy}`);
  }
  await doctor.show(found);
}

async function showMenu(): Promise<void> {
  const entries = [
    { label: `$(type-hierarchy) ${l10n.t('Show a search')}`, command: Command.showSearch },
    { label: `$(debug-stop) ${l10n.t('Stop all searches')}`, command: Command.cancelSearch },
    { label: `$(output) ${l10n.t('Show logs')}`, command: Command.showServerLogs },
    { label: `$(pulse) ${l10n.t('Check the setup')}`, command: Command.doctor },
    { label: `$(refresh) ${l10n.t('Restart the server')}`, command: Command.restart },
  ];
  const chosen = await window.showQuickPick(entries, { title: 'ORPS' });
  if (chosen !== undefined) {
    await commands.executeCommand(chosen.command);
  }
}
