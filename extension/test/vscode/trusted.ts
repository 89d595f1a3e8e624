/**
 * The main job, in the editor: a stub and its tests in, candidates out, the first one
 * applied and taken back.
 */
import * as assert from 'node:assert/strict';
import {
  commands,
  extensions,
  languages,
  Selection,
  Uri,
  window,
  workspace,
  type CodeAction,
  type Command,
  type TextDocument,
} from 'vscode';

import manifest from '../../../package.json';
import { ACTION_KIND, ServerCommand } from '../../src/lspExt';
import { runChecks } from './check';

const EXTENSION_ID = `${manifest.publisher}.${manifest.name}`;

/** Candidates are resolved in the order of their rank. */
const RESOLVE_COUNT = 10;

export const run = () =>
  runChecks({
    'stays asleep without Python': staysAsleep,
    'wakes up for Python, with all of its commands': wakesUp,
    'offers executed candidates and applies the best': generatesAndApplies,
    'comes back after a restart': restarts,
  });

async function staysAsleep(): Promise<void> {
  await open('notes.md');
  assert.equal(ourExtension().isActive, false);
}

async function wakesUp(): Promise<void> {
  await open('statistics_kit.py');
  await ourExtension().activate();
  const present = new Set(await commands.getCommands());
  const contributed = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual(
    contributed.filter((id) => !present.has(id)),
    [],
  );
}

async function generatesAndApplies(): Promise<void> {
  const document = await open('statistics_kit.py');
  const stub = document.getText();
  putCursorIn(document, 'def double');
  await commands.executeCommand('orps.generateHere');
  const best = await bestCandidate(document, 'def double');
  assert.match(best.title, /passes 1 of 1 tests?/);
  assert.ok(best.edit, 'the action was resolved');

  assert.ok(await workspace.applyEdit(best.edit));
  const solved = document.getText();
  assert.notEqual(solved, stub);
  assert.ok(!solved.slice(solved.indexOf('def double')).includes('...'), solved);
  assert.ok(solved.startsWith(stub.slice(0, stub.indexOf('def double'))), solved);

  await commands.executeCommand('undo');
  assert.equal(document.getText(), stub);
}

async function restarts(): Promise<void> {
  await commands.executeCommand('orps.restart');
  const present = await commands.getCommands();
  assert.ok(present.includes(ServerCommand.generate));
  const document = await open('statistics_kit.py');
  const titles = (await actionsAt(document, 'def median')).map(({ title }) => title);
  assert.ok(
    titles.some((title) => title.startsWith('Generate')),
    titles.join(' | '),
  );
}

function ourExtension() {
  const extension = extensions.getExtension(EXTENSION_ID);
  assert.ok(extension, EXTENSION_ID);
  return extension;
}

async function open(name: string): Promise<TextDocument> {
  const [folder] = workspace.workspaceFolders ?? [];
  assert.ok(folder);
  const { document } = await window.showTextDocument(Uri.joinPath(folder.uri, name));
  return document;
}

function putCursorIn(document: TextDocument, line: string): void {
  const editor = window.activeTextEditor;
  assert.equal(editor?.document, document);
  const position = document.positionAt(document.getText().indexOf(line) + line.length);
  editor.selection = new Selection(position, position);
}

async function actionsAt(document: TextDocument, line: string): Promise<CodeAction[]> {
  const position = document.positionAt(document.getText().indexOf(line) + line.length);
  const actions = await commands.executeCommand<(CodeAction | Command)[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    new Selection(position, position),
    ACTION_KIND,
    RESOLVE_COUNT,
  );
  return actions.filter((action): action is CodeAction => typeof action.command !== 'string');
}

/**
 * The server publishes a diagnostic whenever its actions have changed, so that is what
 * an editor waits for, and we do.
 */
function bestCandidate(document: TextDocument, line: string): Promise<CodeAction> {
  return new Promise((resolve, reject) => {
    const look = () => {
      actionsAt(document, line)
        .then((actions) => actions.find(({ title }) => title.startsWith('ORPS #1')))
        .then((best) => {
          if (best !== undefined) {
            changes.dispose();
            resolve(best);
          }
        })
        .catch(reject);
    };
    const changes = languages.onDidChangeDiagnostics(look);
    look();
  });
}
