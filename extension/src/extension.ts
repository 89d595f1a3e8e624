/**
 * Wiring only: makes the parts, connects them, and leaves them to the editor.
 */
import { config as configureWords } from '@vscode/l10n';
import { l10n, window, workspace, type ExtensionContext } from 'vscode';

import { ApiKeys } from './apiKeys';
import { modelActions } from './chooseModel';
import { OrpsClient } from './client';
import { Command, registerCommands, showFailure } from './commands';
import { SERVER_SECTION } from './config';
import { Doctor } from './doctor';
import { environmentActions } from './environment/creating';
import { PrivateServer } from './environment/privateServer';
import { GhostText } from './ghostText/asking';
import { ghostActions } from './ghostText/offering';
import { InlineDiffs } from './inlineDiff/diffs';
import { ServerCommand } from './lspExt';
import { Interpreters } from './python';
import { sampleActions } from './sample';
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
  // For the modules that know no editor.
  configureWords({ contents: l10n.bundle ?? {} });
  const manifest = context.extension.packageJSON as Manifest;
  const logs = {
    extension: window.createOutputChannel('ORPS', { log: true }),
    server: window.createOutputChannel('ORPS Server', { log: true }),
  };
  const interpreters = new Interpreters();
  const privateServer = new PrivateServer({
    storage: context.globalStorageUri.fsPath,
    extension: context.extensionPath,
    version: manifest.version,
  });
  const doctor = new Doctor();
  const client = new OrpsClient({
    version: manifest.version,
    settingNames: Object.keys(manifest.contributes.configuration.properties),
    logs,
    interpreters,
    privateServer,
    onCommandFailed: (error) => void showFailure(error),
    inPlaceOf: {
      [ServerCommand.preview]: Command.showDiff,
      [ServerCommand.report]: Command.showSearch,
    },
  });
  const diffs = new InlineDiffs(client);
  const panels = new SearchPanels(client, context.extensionPath);
  const keys = new ApiKeys(client, context.secrets);
  context.subscriptions.push(
    logs.extension,
    logs.server,
    interpreters,
    client,
    doctor,
    keys,
    diffs,
    panels,
    new GhostText(client),
    new Status(client),
    new SearchTree(client),
    registerCommands({
      ...searchActions(client),
      ...showActions({ client, diffs, panels }),
      ...keys.actions,
      ...modelActions(() => keys.current()),
      ...environmentActions(client, privateServer),
      ...ghostActions,
      ...sampleActions(context, privateServer),
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
