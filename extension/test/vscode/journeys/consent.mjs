/**
 * What happens only after a person has said yes.
 */
import assert from 'node:assert/strict';

import {
  answerBox,
  dialog,
  lens,
  notification,
  openFile,
  press,
  pressInDialog,
  runFromPalette,
} from '../gestures.mjs';

/** Nothing is sent before a person has said so, with the whole prompt at hand. */
export async function asksBeforeSending({ page, shot, endpoint }) {
  await openFile(page, 'durations.py', 'def parse_duration');
  await runFromPalette(page, 'ORPS: Set API Key');
  await answerBox(page, 'API key', endpoint.key);
  await notification(page, /is stored/).waitFor();

  await lens(page, 'Generate with ORPS').click();
  await dialog(page, /will send code to model\.invalid/).waitFor();
  await dialog(page, /durations\.py \(\d+ bytes\)/).waitFor();
  await shot('consent');
  await pressInDialog(page, 'Cancel');
  await notification(page, /[Nn]othing was sent/).waitFor();

  await lens(page, 'Generate again with ORPS').click();
  await pressInDialog(page, 'Show prompt');
  // The question steps aside, or nobody could read the prompt.
  await page.getByRole('tab', { name: /\.md/ }).waitFor();
  const question = notification(page, /will send code to model\.invalid/);
  await question.waitFor();
  await shot('prompt');
  await press(page, 'Cancel');
  await question.waitFor({ state: 'detached' });
  await page.getByRole('tab', { name: 'durations.py' }).click();
  await lens(page, 'Generate again with ORPS').waitFor();
}

/** In a folder that nobody trusts there is nothing of ours, until somebody trusts it. */
export async function waitsForTrust({ page, shot }) {
  await openFile(page, 'statistics_kit.py', 'def median');
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  assert.equal(await lens(page, 'Generate with ORPS').count(), 0);
  await shot('untrusted');
  await runFromPalette(page, 'Workspaces: Manage Workspace Trust');
  await page
    .getByRole('button', { name: /^Trust/ })
    .first()
    .click();
  await page.getByRole('tab', { name: 'statistics_kit.py' }).click();
  await lens(page, 'Generate with ORPS').first().waitFor();
}
