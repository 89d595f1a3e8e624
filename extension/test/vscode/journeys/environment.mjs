/**
 * The server: made, missing, broken.
 */
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

import { insertedText, lens, notification, openFile, runFromPalette } from '../gestures.mjs';
import { writeProgram } from '../project.mjs';

/**
 * A stranger with nothing but Python: the walkthrough makes the server out of the package,
 * without any index, and the sample is solved.
 */
export async function beginsWithNothing({ page, shot }) {
  await openFile(page, 'statistics_kit.py', 'def median');
  await runFromPalette(page, 'ORPS: Restart Server');
  await notification(page, /There is no orps-lsp on PATH/).waitFor();
  await page.keyboard.press('Escape');
  await runFromPalette(page, 'ORPS: Open Walkthrough');
  await page.getByRole('button', { name: 'Create Server Environment' }).click();
  await notification(page, /creating the server environment/).waitFor();
  await shot('environment');
  await notification(page, /creating the server environment/).waitFor({
    state: 'detached',
    timeout: 120_000,
  });
  await page.getByText('Try it without a model').first().click();
  await page.getByRole('button', { name: 'Open Sample Project' }).waitFor();
  await shot('walkthrough');
  const [sample] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: 'Open Sample Project' }).click(),
  ]);
  await openFile(sample, 'measures.py', 'def average');
  await lens(sample, 'Generate with ORPS').first().click();
  await insertedText(sample, 'return').waitFor();
}

const OTHER_SERVER = fileURLToPath(new URL('../otherServer.mjs', import.meta.url));

/**
 * Whatever is wrong with the server is told to whoever asks for one, and nobody else; once
 * it is put right, all is well without a reload.
 */
export async function tellsWhatIsWrongWithTheServer({ page, folder, program, shot }) {
  await openFile(page, 'statistics_kit.py', 'def median');
  const wrong = /names .*orps-server, which is not an executable file/;
  await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
  await page.locator('.hover-language-status', { hasText: wrong }).waitFor();
  assert.equal(await notification(page, wrong).count(), 0);
  await shot('fault');

  const restart = () => runFromPalette(page, 'ORPS: Restart Server');
  await restart();
  await notification(page, wrong).waitFor();
  const server = path.join(folder, '..', 'orps-server');
  await writeProgram(server, 'exit 1');
  await restart();
  await notification(page, /ended before it was ready/).waitFor();
  await writeProgram(server, `exec '${process.execPath}' '${OTHER_SERVER}'`);
  await restart();
  await notification(page, /\(7\.0\.0\) is not a server that this extension can talk to/).waitFor();
  await writeProgram(server, `exec '${program}' "$@"`);
  await restart();
  await lens(page, 'Generate with ORPS').first().waitFor();
}
