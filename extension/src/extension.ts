/**
 * Wiring only: makes the parts, connects them, and leaves them to the editor.
 */
import { window, workspace, type ExtensionContext } from 'vscode';

import { OrpsClient } from './client';
import { registerCommands, showFailure } from './commands';
import { SERVER_SECTION } from './config';
import { Doctor } from './doctor';
import { Interpreters } from './python';
import { Status } from './status';

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
  });
  context.subscriptions.push(
    logs.extension,
    logs.server,
    interpreters,
    client,
    doctor,
    new Status(client),
    ...registerCommands(client, logs, doctor),
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
