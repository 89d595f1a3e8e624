/**
 * Wiring only: makes the parts, connects them, and leaves them to the editor.
 */
import { window, workspace, type ExtensionContext } from 'vscode';

import { OrpsClient } from './client';
import { Command, registerCommands, showFailure } from './commands';
import { SERVER_SECTION } from './config';
import { Doctor } from './doctor';
import { InlineDiffs } from './inlineDiff/diffs';
import { ServerCommand } from './lspExt';
import { Interpreters } from './python';
import { searchActions } from './searching';
import { SearchPanels } from './searchPanel';
import { SearchTree } from './searchTree';
import { showActions } from './showing';
import { Status } from './status';
import { upkeepActions } from './upkeep';

/** The parts of package.json that are read while running. */
interface Manifest {
  readonly version: string;
  readonly contributes: { readonly configuration: { readonly properties: object } };
}

let running: OrpsClient | undefined;

export function activate(context: ExtensionContext): void {
  const manifest = context.extension.packageJSON as Manifest;
  const logs = {
    extension: window.createOutputChannel('ORPS', { log: true }),
    server: window.createOutputChannel('ORPS Server', { log: true }),
  };
  const interpreters = new Interpreters();
  const doctor = new Doctor();
  const client = new OrpsClient({
    version: manifest.version,
    settingNames: Object.keys(manifest.contributes.configuration.properties),
    logs,
    interpreters,
    onCommandFailed: (error) => void showFailure(error),
    inPlaceOf: {
      [ServerCommand.preview]: Command.showDiff,
      [ServerCommand.report]: Command.showSearch,
    },
  });
  const diffs = new InlineDiffs(client);
  const panels = new SearchPanels(client, context.extensionPath);
  context.subscriptions.push(
    logs.extension,
    logs.server,
    interpreters,
    client,
    doctor,
    diffs,
    panels,
    new Status(client),
    new SearchTree(client),
    registerCommands({
      ...searchActions(client),
      ...showActions({ client, diffs, panels }),
      ...upkeepActions({ client, logs, doctor, id: context.extension.id }),
    }),
    interpreters.onDidChange(() => void client.settingsChanged()),
    workspace.onDidGrantWorkspaceTrust(() => void client.restart()),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SERVER_SECTION)) {
        void client.restart();
      }
    }),
  );
  running = client;
  // Not awaited: activation is over when the commands are there.
  void client.restart();
}

export function deactivate(): Promise<void> | undefined {
  return running?.stop();
}
