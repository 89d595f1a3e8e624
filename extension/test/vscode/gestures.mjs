/**
 * The hands of a person: lens, palette and notification, in the real user interface.
 *
 * Each gesture waits for what a person would see next.
 */
const VISIBLE_TIMEOUT_MS = 60_000;
const PALETTE_ATTEMPTS = 20;
const PALETTE_TIMEOUT_MS = 3_000;

/** From the lens above a stub to the best candidate in the editor, and back. */
export async function solvesFromTheLens(page) {
  await openFile(page);
  // `double` is the second stub of the file.
  await page.getByRole('button', { name: 'Generate with ORPS' }).nth(1).click();
  await page.getByRole('button', { name: /^Apply ORPS #1 \(passes 1 of 1/ }).click();
  await editorLine(page, 'number + number').waitFor();
  await page.keyboard.press('Control+z');
  await editorLine(page, 'number + number').waitFor({ state: 'detached' });
}

/** The best candidate appears in the text without being in it, until it is accepted. */
export async function acceptsFromTheInlineDiff(page) {
  await openFile(page);
  await editorLine(page, 'def median').click();
  await runFromPalette(page, 'Generate with ORPS');
  await page.getByRole('button', { name: 'Accept', exact: true }).first().waitFor();
  await page.screenshot({ path: '/tmp/inline.png' });
  await page.getByRole('button', { name: 'Accept', exact: true }).first().click();
  await editorLine(page, 'sorted').waitFor();
  await page.screenshot({ path: '/tmp/inline2.png' });
}

/** Without tests there is one notification, which says so. */
export async function saysThatTestsAreMissing(page) {
  await openFile(page);
  await editorLine(page, 'def lonely').click();
  await runFromPalette(page, 'Generate with ORPS');
  await notification(page, /no tests for .lonely./).waitFor();
}

/** Without a server nothing pops up until somebody asks for one. */
export async function saysThatTheServerIsMissing(page) {
  await openFile(page);
  await runFromPalette(page, 'ORPS: Restart Server');
  await notification(page, /orps\.server\.path names .* not an executable file/).waitFor();
}

async function openFile(page) {
  page.setDefaultTimeout(VISIBLE_TIMEOUT_MS);
  await page.getByRole('treeitem', { name: /^statistics_kit\.py/ }).dblclick();
  await editorLine(page, 'def median').waitFor();
}

async function runFromPalette(page, title) {
  const input = page.locator('.quick-input-widget input[type=text]');
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  // The palette lists what is there when it opens; extensions arrive a little later.
  for (let opened = 0; opened < PALETTE_ATTEMPTS && !(await row.isVisible()); opened++) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await input.fill(`>${title}`);
    await row.waitFor({ timeout: PALETTE_TIMEOUT_MS }).catch(() => undefined);
  }
  await row.click();
}

function editorLine(page, text) {
  // The editor draws each space as a non-breaking one.
  return page.locator('.view-line', { hasText: new RegExp(text.replace(/[ +]/g, '[\\s+]')) });
}

function notification(page, text) {
  return page.locator('.notification-list-item-message', { hasText: text });
}
