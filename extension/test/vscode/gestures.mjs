/**
 * The hands and eyes of a person in the real user interface.
 *
 * Each gesture waits for what a person would see next.
 */
const PALETTE_ATTEMPTS = 20;
const PALETTE_TIMEOUT_MS = 3_000;

export async function openFile(page, name, line) {
  await page.getByRole('treeitem', { name: new RegExp(`^${name.replace('.', '\\.')}`) }).dblclick();
  await editorLine(page, line).waitFor();
}

export async function runFromPalette(page, title) {
  const input = page.locator('.quick-input-widget input[type=text]');
  const row = quickRow(page, title);
  // The palette lists what is there when it opens; extensions arrive a little later.
  for (let opened = 0; opened < PALETTE_ATTEMPTS && !(await row.isVisible()); opened++) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await input.fill(`>${title}`);
    await row.waitFor({ timeout: PALETTE_TIMEOUT_MS }).catch(() => undefined);
  }
  await row.click();
}

export async function chooseTheme(page, name) {
  await runFromPalette(page, 'Preferences: Color Theme');
  await page.locator('.quick-input-widget input').first().fill(name);
  await quickRow(page, name).waitFor();
  await page.keyboard.press('Enter');
}

/** Picks the row of a list that is open. */
export async function choose(page, text) {
  await quickRow(page, text).click();
}

/** Types into the box that asks for something, and confirms. */
export async function answerBox(page, title, text) {
  await page.locator('.quick-input-titlebar', { hasText: title }).waitFor();
  await page.locator('.quick-input-widget input').first().fill(text);
  await page.keyboard.press('Enter');
}

export function editorLine(page, text) {
  // The editor draws each space as a non-breaking one.
  const pattern = text.replace(/[.*?^${}()|[\]\\]/g, '\\$&').replace(/[ +]/g, '[\\s+]');
  return page.locator('.view-line', { hasText: new RegExp(pattern) }).first();
}

/** A button above a line of code; `nth` counts from the top of the file. */
export function lens(page, name, nth = 0) {
  return page.locator('.codelens-decoration').getByRole('button', { name }).nth(nth);
}

/** What an inline diff shows below the lines that it would replace. */
export function insertedText(page, text) {
  return page.locator('.review-widget', { hasText: text }).first();
}

export function struckLines(page) {
  return page.locator('.view-overlays [class*="TextEditorDecorationType"]');
}

export function notification(page, text) {
  return page.locator('.notification-list-item-message', { hasText: text });
}

/** A button of a notification. */
export async function press(page, name) {
  await page.locator('.notification-list-item').getByRole('button', { name }).click();
}

/** A question that nothing goes on without. */
export function dialog(page, text) {
  return page.locator('.monaco-dialog-box', { hasText: text });
}

export async function pressInDialog(page, name) {
  await page.locator('.monaco-dialog-box').getByRole('button', { name }).click();
}

/** The page inside of a webview. */
export function webview(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe');
}

function quickRow(page, text) {
  return page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
}
