/**
 * The main job under circumstances that people meet: whatever the file is, only the body
 * changes, by one step that can be undone.
 */
import * as assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { commands, EndOfLine, Uri, ViewColumn, window, workspace, WorkspaceEdit } from 'vscode';

import { runChecks } from './check';
import { accepted, begin, copied, KIT, open, solve, undone } from './solving';

export const run = () =>
  runChecks({
    'line ends stay what they are': keepsLineEnds,
    'what was not saved counts, and stays unsaved': solvesUnsavedText,
    'two editors of one file show one diff': solvesInSplitEditors,
    'a file that is renamed meanwhile keeps its search': followsARename,
    'a file that is closed meanwhile shows its diff when it is opened again': waitsForAClosedFile,
    'a file outside of every folder is solved': solvesOutside,
    'a file that cannot be written is shown, and changes only in the editor': solvesReadOnly,
  });

async function keepsLineEnds(): Promise<void> {
  const document = await open(KIT);
  await window.activeTextEditor?.edit((edit) => edit.setEndOfLine(EndOfLine.CRLF));
  const stub = document.getText();
  await solve(document);
  assert.equal(document.eol, EndOfLine.CRLF);
  assert.doesNotMatch(document.getText(), /[^\r]\n/);
  await undone(document, stub);
}

async function solvesUnsavedText(): Promise<void> {
  const document = await open(KIT);
  const saved = await readFile(document.uri.fsPath, 'utf8');
  await window.activeTextEditor?.edit((edit) => edit.insert(document.positionAt(0), '# é\n\n\n'));
  const stub = document.getText();
  await solve(document);
  assert.ok(document.getText().startsWith('# é\n'));
  assert.equal(await readFile(document.uri.fsPath, 'utf8'), saved);
  await undone(document, stub);
}

async function solvesInSplitEditors(): Promise<void> {
  const document = await open(KIT);
  await window.showTextDocument(document, ViewColumn.Beside);
  const stub = document.getText();
  await solve(document);
  await undone(document, stub);
  await commands.executeCommand('workbench.action.joinAllGroups');
}

async function followsARename(): Promise<void> {
  const document = await open(KIT);
  await begin(document);
  const renamed = Uri.joinPath(document.uri, '..', 'renamed_kit.py');
  const there = new WorkspaceEdit();
  there.renameFile(document.uri, renamed);
  assert.ok(await workspace.applyEdit(there));
  const moved = (await window.showTextDocument(renamed)).document;
  await accepted(moved);
  await undone(moved, moved.getText().replace(/return number.*/, '...'));
  const back = new WorkspaceEdit();
  back.renameFile(renamed, document.uri);
  assert.ok(await workspace.applyEdit(back));
}

async function waitsForAClosedFile(): Promise<void> {
  const document = await open(KIT);
  const stub = document.getText();
  await begin(document);
  await commands.executeCommand('workbench.action.closeAllEditors');
  const again = await open(KIT);
  await accepted(again);
  await undone(again, stub);
}

async function solvesOutside(): Promise<void> {
  const folder = await copied();
  const { document } = await window.showTextDocument(Uri.file(path.join(folder, KIT)));
  const stub = document.getText();
  await solve(document);
  await undone(document, stub);
}

async function solvesReadOnly(): Promise<void> {
  const folder = await copied();
  const file = path.join(folder, KIT);
  await chmod(file, 0o444);
  const { document } = await window.showTextDocument(Uri.file(file));
  const stub = document.getText();
  await solve(document);
  assert.equal(await readFile(file, 'utf8'), stub);
  await undone(document, stub);
}
