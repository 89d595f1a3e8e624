/**
 * The main job beside what else an editor shows and changes.
 */
import * as assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import {
  ConfigurationTarget,
  NotebookCellData,
  NotebookCellKind,
  NotebookData,
  Uri,
  window,
  workspace,
} from 'vscode';

import { runChecks } from './check';
import { begin, copied, KIT, lensAppears, open, ourLenses, solve, undone } from './solving';

const LONG_LINES = 2000;

export const run = () =>
  runChecks({
    'a file of declarations is offered nothing': leavesDeclarationsAlone,
    'a notebook beside is left alone': solvesBesideANotebook,
    'a very long function is solved': solvesALongFunction,
    'settings that change while a search runs hold for the next one': followsSettings,
  });

async function leavesDeclarationsAlone(): Promise<void> {
  const document = await open(KIT);
  await lensAppears(document, /^Generate/);
  const file = Uri.joinPath(document.uri, '..', `${KIT}i`);
  await writeFile(file.fsPath, document.getText());
  const declared = (await window.showTextDocument(file)).document;
  assert.equal(declared.languageId, 'python');
  assert.deepEqual(await ourLenses(declared), []);
}

async function solvesBesideANotebook(): Promise<void> {
  const stub = 'def double(number):\n    ...\n';
  const cell = new NotebookCellData(NotebookCellKind.Code, stub, 'python');
  const data = new NotebookData([cell]);
  const notebook = await workspace.openNotebookDocument('jupyter-notebook', data);
  await window.showNotebookDocument(notebook);
  const document = await open(KIT);
  const before = document.getText();
  await solve(document);
  await undone(document, before);
  const [first] = notebook.getCells();
  assert.equal(first?.document.getText(), stub);
  assert.deepEqual(await ourLenses(first.document), []);
}

async function solvesALongFunction(): Promise<void> {
  const folder = await copied();
  const file = path.join(folder, KIT);
  const story = '    There is more to be said of this.\n'.repeat(LONG_LINES);
  const kit = await readFile(file, 'utf8');
  await writeFile(
    file,
    kit.replace('Return twice', `Do what is said here.\n\n${story}    Return twice`),
  );
  const { document } = await window.showTextDocument(Uri.file(file));
  const stub = document.getText();
  await solve(document);
  await undone(document, stub);
}

async function followsSettings(): Promise<void> {
  const section = workspace.getConfiguration('orps');
  const server = section.get<string[]>('server.path') ?? [];
  const document = await open(KIT);
  const stub = document.getText();
  await begin(document, 'def riddle');
  await lensAppears(document, /Stop/);
  await section.update('llm.temperature', 0.5, ConfigurationTarget.Global);
  await lensAppears(document, /Stop/);
  // Another program is another server: the search is broken off, and can be resumed.
  const other = ['/usr/bin/env', ...server];
  await section.update('server.path', other, ConfigurationTarget.Global);
  await lensAppears(document, /^Generate again/);
  await solve(document);
  await undone(document, stub);
}
