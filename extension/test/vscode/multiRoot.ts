/**
 * Two roots in one window: one server, and each search belongs to its own root.
 */
import * as assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { commands, Selection, Uri, window, workspace } from 'vscode';

import { runChecks } from './check';

export const run = () =>
  runChecks({
    'both roots are open': async () => {
      // A fresh profile may read the workspace file before its file system is there, and
      // then takes it for empty until it changes.
      while (workspace.workspaceFolders?.length !== 2) {
        await touchWorkspaceFile();
        await delay(500);
      }
    },
    'the same stub of each root is solved where it is': async () => {
      const folders = workspace.workspaceFolders ?? [];
      assert.equal(folders.length, 2);
      for (const folder of folders) {
        await solveIn(folder.uri);
      }
    },
  });

async function touchWorkspaceFile(): Promise<void> {
  const file = workspace.workspaceFile;
  assert.ok(file);
  const content = await workspace.fs.readFile(file);
  await workspace.fs.writeFile(file, Buffer.concat([content, Buffer.from('\n')]));
}

async function solveIn(root: Uri): Promise<void> {
  const { document } = await window.showTextDocument(Uri.joinPath(root, 'statistics_kit.py'));
  const place = document.positionAt(document.getText().indexOf('def double'));
  const editor = window.activeTextEditor;
  assert.ok(editor);
  editor.selection = new Selection(place, place);
  await commands.executeCommand('orps.generateHere');
  while (!document.getText().includes('number + number')) {
    await delay(100);
    // Does nothing until the diff is open.
    await commands.executeCommand('orps.diff.accept');
  }
}
