/**
 * The main job, in the editor: a stub and its tests in, candidates out, the first one
 * applied and taken back.
 */
import * as assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  commands,
  extensions,
  Selection,
  window,
  workspace,
  type CodeAction,
  type Command,
  type TextDocument,
} from 'vscode';
import { CloseAction, ErrorAction, type ErrorHandler } from 'vscode-languageclient/node';

import manifest from '../../../package.json';
import { restartAfterCrash } from '../../src/languageClient';
import { ACTION_KIND } from '../../src/lspExt';
import { runChecks } from './check';
import { open } from './solving';

const EXTENSION_ID = `${manifest.publisher}.${manifest.name}`;

/** Candidates are resolved in the order of their rank. */
const RESOLVE_COUNT = 10;

const ASK_AGAIN_MS = 100;

export const run = () =>
  runChecks({
    'stays asleep without Python': staysAsleep,
    'wakes up for Python, with all of its commands': wakesUp,
    'offers executed candidates and applies the best': generatesAndApplies,
    'stops a search': stopsSearch,
    'shows what it finds on this machine': showsSetup,
    'comes back after a restart': restarts,
    'comes back after a crash': survivesCrash,
    'a broken pipe is no reason to stop': survivesBrokenPipe,
  });

async function staysAsleep(): Promise<void> {
  await open('notes.txt');
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
  const best = await actionAppears(document, 'def double', /^ORPS #1 /);
  assert.match(best.title, /passes 1 of 1 test,/);
  assert.ok(best.edit, 'the action was resolved');

  assert.ok(await workspace.applyEdit(best.edit));
  const solved = document.getText();
  const [above, body, below] = split(solved, /(?<=twice the number\."""\n).*(?=\n\n\ndef riddle)/s);
  assert.equal(`${above}    ...${below}`, stub);
  assert.match(body, /number/);

  await commands.executeCommand('undo');
  assert.equal(document.getText(), stub);
}

async function stopsSearch(): Promise<void> {
  const document = await open('statistics_kit.py');
  putCursorIn(document, 'def riddle');
  await commands.executeCommand('orps.generateHere');
  await actionAppears(document, 'def riddle', /^Stop ORPS search/);
  await commands.executeCommand('orps.cancelSearch');
  await actionAppears(document, 'def riddle', /^Generate/);
}

async function showsSetup(): Promise<void> {
  await commands.executeCommand('orps.doctor');
  const report = window.activeTextEditor?.document;
  assert.match(report?.getText() ?? '', /orps-lsp \d+\.\d+/);
  assert.equal(report?.isDirty, false);
}

async function restarts(): Promise<void> {
  const [before] = await runningServers();
  await commands.executeCommand('orps.restart');
  await offersToGenerate();
  await until(async () => {
    const running = await runningServers();
    return running.length === 1 && running[0] !== before;
  });
}

async function survivesCrash(): Promise<void> {
  const [server] = await runningServers();
  assert.ok(server);
  process.kill(server, 'SIGKILL');
  await offersToGenerate();
}

/** Whether the client writes between a crash and the news of it is a matter of luck. */
async function survivesBrokenPipe(): Promise<void> {
  const stops: ErrorHandler = {
    error: () => ({ action: ErrorAction.Shutdown }),
    closed: () => ({ action: CloseAction.Restart }),
  };
  const handler = restartAfterCrash(
    () => stops,
    () => true,
  );
  const broken = new Error('write EPIPE');
  const { action } = await handler.error(broken, undefined, undefined);
  assert.equal(action, ErrorAction.Continue);
  assert.equal((await handler.error(broken, undefined, 4)).action, ErrorAction.Shutdown);
  assert.equal((await handler.closed()).action, CloseAction.Restart);
}

async function offersToGenerate(): Promise<void> {
  const document = await open('statistics_kit.py');
  await until(async () => {
    const actions = await actionsAt(document, 'def median');
    return actions.some(({ title }) => title.startsWith('Generate'));
  });
}

/** For what nobody announces; a check that waits too long is ended from outside. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await delay(ASK_AGAIN_MS);
  }
}

/** The text before the only match, the match, and the text after it. */
function split(text: string, pattern: RegExp): readonly [string, string, string] {
  const match = pattern.exec(text);
  assert.ok(match, text);
  const end = match.index + match[0].length;
  return [text.slice(0, match.index), match[0], text.slice(end)];
}

/** The language servers of ours that this extension host has started. */
async function runningServers(): Promise<number[]> {
  const pid = process.pid.toString();
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8')),
  );
  const children = lists.join(' ').split(' ').filter(Boolean);
  const commandLines = await Promise.all(
    children.map((child) => readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')),
  );
  return children.filter((_child, index) => commandLines[index]?.includes('orps-lsp')).map(Number);
}

function ourExtension() {
  const extension = extensions.getExtension(EXTENSION_ID);
  assert.ok(extension, EXTENSION_ID);
  return extension;
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

async function actionAppears(
  document: TextDocument,
  line: string,
  title: RegExp,
): Promise<CodeAction> {
  let found: CodeAction | undefined;
  await until(async () => {
    const actions = await actionsAt(document, line);
    found = actions.find((action) => title.test(action.title));
    return found !== undefined;
  });
  assert.ok(found);
  return found;
}
