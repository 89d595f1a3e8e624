/**
 * The candidate in the text that is not in it: decided by keys, offered, compared.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';

import {
  editorLine,
  eventually,
  insertedText,
  lens,
  openFile,
  putCursorOn,
  runFromPalette,
  save,
  shownText,
  struckLines,
} from '../gestures.mjs';

/** All that the lenses do, by keys that mean it only while a diff is open. */
export async function decidesByKeys({ page, folder, shot }) {
  const file = path.join(folder, 'durations.py');
  const stub = await readFile(file, 'utf8');
  await openFile(page, 'durations.py', 'def parse_duration');
  await putCursorOn(page, 'def parse_duration');
  await runFromPalette(page, 'Generate with ORPS');
  await lens(page, 'Generate again with ORPS').waitFor();
  // Which of those that pass is the best depends on how fast they were this time.
  await runFromPalette(page, 'ORPS: Show Candidate in the Editor');
  await insertedText(page, '#1 of 4').waitFor();
  await struckLines(page).first().waitFor();

  await page.keyboard.press('Alt+]');
  await insertedText(page, '#2 of 4').waitFor();
  await page.keyboard.press('Alt+[');
  await insertedText(page, '#1 of 4').waitFor();
  await page.keyboard.press('Alt+Enter');
  await page.locator('.monaco-diff-editor .view-line', { hasText: 'units' }).first().waitFor();
  await page.getByRole('tab', { name: 'durations.py', exact: true }).click();

  await putCursorOn(page, 'def parse_duration');
  await page.keyboard.press('Control+Enter');
  await insertedText(page, '#1 of 4').waitFor({ state: 'detached' });
  await editorLine(page, '    units = ').waitFor();
  await page.keyboard.press('Control+z');
  await editorLine(page, 'raise NotImplementedError').waitFor();
  await page.locator('.tab.dirty').waitFor({ state: 'detached' });

  // Without a diff the keys are the editor's own.
  await page.keyboard.press('Control+Enter');
  await page.locator('.tab.dirty').first().waitFor();
  await page.keyboard.press('Control+z');
  await page.locator('.tab.dirty').waitFor({ state: 'detached' });

  await runFromPalette(page, 'ORPS: Show Candidate in the Editor');
  await insertedText(page, '#1 of 4').waitFor();
  await page.keyboard.press('Shift+Escape');
  await insertedText(page, '#1 of 4').waitFor({ state: 'detached' });
  await struckLines(page).first().waitFor({ state: 'detached' });
  assert.equal(await readFile(file, 'utf8'), stub);

  await runFromPalette(page, 'ORPS: Compare the Best Candidates');
  const compared = page.locator('.multiDiffEntry');
  await compared.nth(1).waitFor();
  await shot('compare');
}

/** A better candidate that comes while one is looked at is offered, and waits. */
export async function offersWhatIsBetter({ page, shot }) {
  await openFile(page, 'durations.py', 'def parse_duration');
  await lens(page, 'Generate with ORPS').click();
  await lens(page, 'Preview').click();
  await insertedText(page, /passes [23] of 5 tests/).waitFor();
  await lens(page, /^Show better: passes 5 of 5/).waitFor();
  assert.ok(await insertedText(page, /passes [23] of 5 tests/).isVisible());
  await shot('better');
  await lens(page, /^Show better/).click();
  await insertedText(page, 'passes 5 of 5 tests').waitFor();
}

/** Ghost text of a verified body, for those who asked for it. */
export async function completesAOneLineStub({ page, folder, shot }) {
  const file = path.join(folder, 'statistics_kit.py');
  const stub = await readFile(file, 'utf8');
  await openFile(page, 'statistics_kit.py', 'def double');
  await putCursorOn(page, '    ...');
  await page.keyboard.press('End');
  await runFromPalette(page, 'Generate with ORPS');
  await page.locator('.ghost-text-decoration, .ghost-text').first().waitFor();
  await shot('ghost-text');
  await page.keyboard.press('Tab');
  const solved = await eventually(async () => {
    const text = await shownText(page);
    assert.equal(text.replace(/ {4}return number.*\n/, '    ...\n'), stub);
    assert.notEqual(text, stub);
    return text;
  });
  await save(page, file, solved);
  // One step, and the stub is as it was.
  await page.keyboard.press('Control+z');
  await save(page, file, stub);
}
