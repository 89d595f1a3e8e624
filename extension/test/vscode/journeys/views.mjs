/**
 * What can be looked at: the tree, the status bar, the health, the search.
 */
import assert from 'node:assert/strict';

import {
  choose,
  chooseTheme,
  lens,
  openFile,
  putCursorOn,
  runFromPalette,
  unfold,
  webview,
} from '../gestures.mjs';
import { contrasts } from '../themes.mjs';

/** Searches, candidates and tests in the side bar; stopped and resumed there. */
export async function followsSearchesInTheTree({ page, shot }) {
  await openFile(page, 'statistics_kit.py', 'def median');
  await lens(page, 'Generate with ORPS').first().waitFor();
  await page.getByRole('tab', { name: 'Testing' }).click();
  await page.getByText('No search yet').waitFor();

  await putCursorOn(page, 'def double');
  await runFromPalette(page, 'Generate with ORPS');
  const search = page.getByRole('treeitem', { name: /^search for double, done/ });
  await search.waitFor();
  const candidate = page.getByRole('treeitem', { name: 'candidate 1, passes 1 of 1 tests' });
  await candidate.waitFor();
  await search.click();
  await page.getByRole('tab', { name: 'ORPS: double' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await unfold(page, candidate);
  await page.getByRole('treeitem', { name: /test_double.*passed/ }).waitFor();
  await shot('tree');

  await page.getByRole('tab', { name: 'statistics_kit.py' }).click();
  // The diff moves the lines below it, and a click before that would miss.
  await lens(page, 'Accept').waitFor();
  await putCursorOn(page, 'def riddle');
  await runFromPalette(page, 'Generate with ORPS');
  const running = page.getByRole('treeitem', { name: /^search for riddle, running/ });
  await running.hover();
  await running.getByRole('button', { name: /Stop/ }).click();
  const stopped = page.getByRole('treeitem', { name: /^search for riddle, cancelled/ });
  await stopped.hover();
  await stopped.getByRole('button', { name: /Resume/ }).click();
  await running.waitFor();
  await page.locator('.statusbar-item', { hasText: /ORPS (searching|\d)/ }).click();
  await choose(page, 'Stop all searches');
  await stopped.waitFor();
  // The other one came to its own end, so there is nothing to choose.
  await runFromPalette(page, 'ORPS: Resume a Search');
  await running.waitFor();
  await runFromPalette(page, 'ORPS: Stop All Searches');
  await stopped.waitFor();
}

/** The health beside the language: version, and how strongly candidates are confined. */
export async function tellsHowTheServerIs({ page, shot }) {
  await openFile(page, 'statistics_kit.py', 'def double');
  await lens(page, 'Generate with ORPS', 1).click();
  await lens(page, /^Apply ORPS #1/).waitFor();
  await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
  await page
    .locator('.hover-language-status', { hasText: /orps-lsp \d.*isolation tier [AB]/ })
    .waitFor();
  await shot('health');
}

const THEMES = {
  'vscode-light': 'Light Modern',
  'vscode-dark': 'Dark Modern',
  'vscode-high-contrast': 'Dark High Contrast',
  'vscode-high-contrast-light': 'Light High Contrast',
};

/** The search view by keys alone, in every kind of theme, and shut off from any network. */
export async function readsASearchInEveryTheme({ page, shot, endpoint }) {
  await openFile(page, 'durations.py', 'def parse_duration');
  await lens(page, 'Generate with ORPS').click();
  await lens(page, 'Accept').waitFor();
  await runFromPalette(page, 'ORPS: Show Search');
  const view = webview(page);
  await view.getByRole('treeitem').nth(3).waitFor();
  await view.getByRole('treeitem', { name: /#1/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await view.getByRole('heading', { name: /^Candidate #2/ }).waitFor();

  const body = view.locator('body');
  for (const [kind, theme] of Object.entries(THEMES)) {
    await chooseTheme(page, theme);
    await view.locator(`body.${kind}`).waitFor();
    await shot(kind);
    const { texts, marks } = await contrasts(body);
    assert.ok(texts >= 4.5, `texts in ${theme}: ${texts}`);
    assert.ok(marks >= 3, `marks in ${theme}: ${marks}`);
  }
  assert.deepEqual(await body.evaluate(whatGetsOut, endpoint.url), []);
}

/** Runs in the page: what its policy should refuse, and does not. */
async function whatGetsOut(body, url) {
  const document = body.ownerDocument;
  const script = document.createElement('script');
  script.textContent = 'document.body.dataset.ran = "yes"';
  body.append(script);
  const reached = await fetch(`${url}/models`, { mode: 'no-cors' }).then(
    () => true,
    () => false,
  );
  return [body.dataset.ran === 'yes' && 'script', reached && 'network'].filter(Boolean);
}
