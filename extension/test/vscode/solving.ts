/**
 * What modules do to a stub of the project, and what they look at.
 */
import * as assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  commands,
  Selection,
  Uri,
  window,
  workspace,
  type CodeLens,
  type TextDocument,
} from 'vscode';

const ASK_AGAIN_MS = 100;
export const KIT = 'statistics_kit.py';
const STUB = /(twice the number\."""\r?\n)\s+\.\.\.(\r?\n)/;

/** What stands above the functions of a document, of ours. */
export async function ourLenses(document: TextDocument): Promise<string[]> {
  const lenses = await commands.executeCommand<CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
  );
  const titles = lenses.map(({ command }) => command?.title ?? '');
  return titles.filter((title) => title.includes('ORPS'));
}

export async function lensAppears(document: TextDocument, title: RegExp): Promise<void> {
  while (!(await ourLenses(document)).some((lens) => title.test(lens))) {
    await delay(ASK_AGAIN_MS);
  }
}

/** The project again, in a folder that is not open. */
export async function copied(): Promise<string> {
  const [folder] = workspace.workspaceFolders ?? [];
  assert.ok(folder);
  const copy = await mkdtemp(path.join(path.dirname(folder.uri.fsPath), 'outside-'));
  for (const name of [KIT, `test_${KIT}`]) {
    const text = await readFile(path.join(folder.uri.fsPath, name), 'utf8');
    await writeFile(path.join(copy, name), text);
  }
  return copy;
}

export async function solve(document: TextDocument): Promise<void> {
  const stub = document.getText();
  await begin(document);
  await accepted(document);
  const body = /return number \+ number/.exec(document.getText());
  assert.ok(body, document.getText());
  assert.equal(document.getText(), stub.replace(STUB, `$1    ${body[0]}$2`));
}

export async function begin(document: TextDocument, line = 'def double'): Promise<void> {
  const editor = window.activeTextEditor;
  assert.equal(editor?.document, document);
  const place = document.positionAt(document.getText().indexOf(line));
  editor.selection = new Selection(place, place);
  await commands.executeCommand('orps.generateHere');
}

export async function accepted(document: TextDocument): Promise<void> {
  while (!document.getText().includes('number + number')) {
    await delay(ASK_AGAIN_MS);
    // Does nothing until the diff is open.
    await commands.executeCommand('orps.diff.accept');
  }
}

export async function undone(document: TextDocument, stub: string): Promise<void> {
  await commands.executeCommand('undo');
  assert.equal(document.getText(), stub);
  await commands.executeCommand('workbench.action.files.revert');
}

export async function open(name: string): Promise<TextDocument> {
  const [folder] = workspace.workspaceFolders ?? [];
  assert.ok(folder);
  return (await window.showTextDocument(Uri.joinPath(folder.uri, name))).document;
}
