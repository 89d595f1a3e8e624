/**
 * The sample project: copied out of the extension, so that people may change it.
 */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { commands, Uri, workspace, type ExtensionContext } from 'vscode';

import { Command, type Action } from './commands';
import type { PrivateServer } from './environment/privateServer';

const NAME = 'orps-sample';

export function sampleActions(
  context: ExtensionContext,
  server: PrivateServer,
): Record<string, Action> {
  return {
    [Command.openSample]: async () => {
      const folder = path.join(context.globalStorageUri.fsPath, NAME);
      await mkdir(folder, { recursive: true });
      // What is there already may hold somebody's work.
      await cp(path.join(context.extensionPath, 'extension', 'sample'), folder, {
        recursive: true,
        force: false,
      });
      await nameInterpreter(folder, await server.python());
      const hasFolder = workspace.workspaceFolders !== undefined;
      await commands.executeCommand('vscode.openFolder', Uri.file(folder), {
        forceNewWindow: hasFolder,
      });
    },
  };
}

/** Lets the sample's tests run with the Python of our own environment, if there is one. */
async function nameInterpreter(folder: string, python: string | undefined): Promise<void> {
  if (python === undefined) {
    return;
  }
  const settings = path.join(folder, '.vscode', 'settings.json');
  await mkdir(path.dirname(settings), { recursive: true });
  await writeFile(settings, `${JSON.stringify({ 'orps.interpreter': python }, null, 2)}\n`);
}
