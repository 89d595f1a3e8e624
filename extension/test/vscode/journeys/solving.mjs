/**
 * From a stub to a body, and what may come in between.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';

import {
  answerBox,
  choose,
  editorLine,
  eventually,
  insertedText,
  lens,
  notification,
  openFile,
  openLightBulb,
  pressInDialog,
  putCursorOn,
  runFromPalette,
  shownText,
  webview,
} from '../gestures.mjs';

/** From the lens above a stub to the best candidate in the editor, and back. */
export async function solvesFromTheLens({ page, folder }) {
  const stub = await readFile(path.join(folder, 'statistics_kit.py'), 'utf8');
  await openFile(page, 'statistics_kit.py', 'def median');
  // `double` is the second stub of the file.
  await lens(page, 'Generate with ORPS', 1).click();
  await lens(page, /^Apply ORPS #1 \(passes 1 of 1/).click();
  await editorLine(page, 'number + number').waitFor();
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.equal(await shownText(page), stub));
}

/** Two stubs of one file without any model: each has a diff of its own. */
export async function solvesTheSampleOffline({ page, folder, shot }) {
  const file = path.join(folder, 'measures.py');
  const stubs = await readFile(file, 'utf8');
  await openFile(page, 'measures.py', 'def average');
  await shot('stub');
  await lens(page, 'Generate with ORPS', 0).click();
  await insertedText(page, 'return').waitFor();
  await lens(page, 'Accept').waitFor();
  await shot('offline-diff');

  await putCursorOn(page, 'def clamp');
  await runFromPalette(page, 'Generate with ORPS');
  await lens(page, 'Accept', 1).waitFor();
  assert.equal(await readFile(file, 'utf8'), stubs);
  assert.equal(await page.locator('.tab.dirty').count(), 0, 'nothing is in the buffer');

  await lens(page, 'Dismiss', 1).click();
  await lens(page, 'Accept', 1).waitFor({ state: 'detached' });
  await lens(page, 'Accept').click();
  await editorLine(page, '    return ').waitFor();
  await insertedText(page, 'return').waitFor({ state: 'detached' });
  await shot('offline-accepted');

  await putCursorOn(page, '    return ');
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.equal(await shownText(page), stubs));
  await page.locator('.tab.dirty').waitFor({ state: 'detached' });
}

/** A key, a model, two rounds, and everything that the search view tells of them. */
export async function solvesWithAModel({ page, shot, endpoint }) {
  await openFile(page, 'durations.py', 'def parse_duration');
  await runFromPalette(page, 'ORPS: Set API Key');
  await answerBox(page, 'API key', endpoint.key);
  await notification(page, /is stored/).waitFor();
  await runFromPalette(page, 'ORPS: Choose Model');
  await choose(page, 'Another endpoint');
  await answerBox(page, 'endpoint', endpoint.url);
  await choose(page, 'replay');
  await notification(page, /searches use replay now/).waitFor();

  await putCursorOn(page, 'def parse_duration');
  await runFromPalette(page, 'Generate with ORPS');
  await pressInDialog(page, 'Allow for this project');
  await runFromPalette(page, 'ORPS: Show Search');
  const view = webview(page);
  await view.getByRole('treeitem').first().waitFor();
  await lens(page, 'Accept').waitFor();
  await insertedText(page, 'findall').waitFor();
  await view.getByText('round 1', { exact: true }).first().waitFor();
  await view
    .getByRole('treeitem', { name: /passes 3 of 5|passes 2 of 5/ })
    .first()
    .click();
  await view.getByRole('heading', { name: 'Critique' }).waitFor();
  await view.getByText('Path from the stub').waitFor();
  await view.getByText('done').first().waitFor();
  await shot('search-view');

  // The diff that opened itself is of the first that passed; another may be ahead by now.
  await putCursorOn(page, 'def parse_duration');
  await runFromPalette(page, 'ORPS: Show Candidate in the Editor');
  await insertedText(page, '#1 of').waitFor();
  await lens(page, 'Next').click();
  await insertedText(page, '#2 of').waitFor();
  await shot('model-diff');
  await lens(page, 'Previous').click();
  await insertedText(page, '#1 of').waitFor();
  await lens(page, 'Full diff').click();
  await page.locator('.monaco-diff-editor .view-line', { hasText: 'units' }).first().waitFor();
  await shot('full-diff');
}

/** A search that goes on and on: from the light bulb, stopped where its progress shows. */
export async function stopsFromTheNotification({ page, shot }) {
  await openFile(page, 'statistics_kit.py', 'def median');
  await lens(page, 'Generate with ORPS', 2).waitFor();
  await putCursorOn(page, 'def riddle');
  await openLightBulb(page, 'Generate with ORPS');
  await page.keyboard.press('Enter');
  await lens(page, /Stop/).waitFor();
  await page
    .locator('.statusbar-item', { hasText: /ORPS .*riddle|riddle/ })
    .first()
    .click();
  await page.locator('.notifications-center').waitFor();
  await shot('progress');
  await page.locator('.notifications-center').getByRole('button', { name: 'Cancel' }).click();
  await lens(page, /Generate again/).waitFor();
}

/** What a person has begun to write is not overwritten. */
export async function refusesWhatIsStale({ page }) {
  await openFile(page, 'statistics_kit.py', 'def double');
  await putCursorOn(page, 'def double');
  await runFromPalette(page, 'Generate with ORPS');
  await insertedText(page, 'number + number').waitFor();
  await putCursorOn(page, 'Return twice');
  await page.keyboard.press('End');
  await page.keyboard.type('\nnumber += 1');
  await insertedText(page, 'number + number').waitFor({ state: 'detached' });
  await editorLine(page, 'number += 1').waitFor();
  await runFromPalette(page, 'ORPS: Show Candidate in the Editor');
  await notification(page, /changed|not applied/).waitFor();
}

/** Without tests there is one notification, which says so. */
export async function saysThatTestsAreMissing({ page }) {
  await openFile(page, 'statistics_kit.py', 'def lonely');
  await putCursorOn(page, 'def lonely');
  await runFromPalette(page, 'Generate with ORPS');
  await notification(page, /no tests for .lonely./).waitFor();
}
