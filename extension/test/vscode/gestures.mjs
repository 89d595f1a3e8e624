/**
 * The hands and eyes of a person in the real user interface.
 *
 * Each gesture waits for what a person would see next. Rows of lists are taken by the
 * keyboard, when the right one is seen to be chosen: a list that is still filling moves
 * them away from under the mouse.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const PALETTE_ATTEMPTS = 20;
const LIST_TIMEOUT_MS = 3_000;

const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 50;
/** Longer than two clicks that are one double click. */
const PRESS_AGAIN_MS = 2_000;

/** Waits until `check` does not throw any more; throws what it threw last. */
export async function eventually(check, patienceMs = PATIENCE_MS) {
  const late = performance.now() + patienceMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > late) {
        throw error;
      }
    }
    await delay(LOOK_AGAIN_MS);
  }
}

export async function openFile(page, name, line) {
  await page.getByRole('treeitem', { name: new RegExp(`^${name.replace('.', '\\.')}`) }).dblclick();
  await editorLine(page, line).waitFor();
}

export async function runFromPalette(page, title) {
  // It lists what is there when it opens; extensions arrive a little later.
  for (let opened = 0; opened < PALETTE_ATTEMPTS; opened++) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await quickInput(page).fill(`>${title}`);
    if (await isSeen(quickRow(page, title))) {
      await take(page, title);
      return;
    }
  }
  throw new Error(`The palette does not know ${title}.`);
}

export async function chooseTheme(page, name) {
  await runFromPalette(page, 'Preferences: Color Theme');
  // Longer than what is drawn of it.
  await page.getByPlaceholder(/Select Color Theme/).fill(name);
  await choose(page, name);
}

/** Picks the row of a list that is open. */
export async function choose(page, text) {
  await quickRow(page, text).waitFor();
  await take(page, text);
}

/** Types into the box that asks for something, and confirms. */
export async function answerBox(page, title, text) {
  await page.locator('.quick-input-titlebar', { hasText: title }).waitFor();
  await quickInput(page).fill(text);
  await page.keyboard.press('Enter');
}

/** Opens the row of a tree that has the focus; one that is being read again ignores keys. */
export async function unfold(page, row) {
  await eventually(async () => {
    await page.keyboard.press('ArrowRight');
    await eventually(
      async () => assert.equal(await row.getAttribute('aria-expanded'), 'true'),
      PRESS_AGAIN_MS,
    );
  });
}

/** The light bulb's list, by its key; it closes when anything in the editor changes. */
export async function openLightBulb(page, action) {
  const list = page.locator('.action-widget', { hasText: action });
  await eventually(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+.');
    await list.waitFor({ timeout: LIST_TIMEOUT_MS });
  });
}

/** Puts the cursor into a line; lenses and diffs that arrive push lines away. */
export async function putCursorOn(page, text) {
  const line = editorLine(page, text);
  await eventually(async () => {
    // Where there is text: the middle of a wide line can lie under something else.
    await line.click({ position: { x: 40, y: 9 } });
    await eventually(
      async () => assert.ok((await line.evaluate(distanceOfCursor)) < 1),
      PRESS_AGAIN_MS,
    );
  });
}

/** Runs in the page: how far from the line its editor's cursor stands. */
function distanceOfCursor(line) {
  const cursor = line.closest('.monaco-editor').querySelector('.cursor');
  return Math.abs(cursor.getBoundingClientRect().top - line.getBoundingClientRect().top);
}

/** The text of the editor, as it is drawn; all of it has to fit. */
export function shownText(page) {
  return page
    .locator('.editor-instance .view-lines')
    .first()
    .evaluate((lines) =>
      [...lines.children]
        .sort((one, other) => parseFloat(one.style.top) - parseFloat(other.style.top))
        .map((line) => line.textContent.replaceAll('\u00a0', ' '))
        .join('\n'),
    );
}

/** Saves what is in the editor, which is to be this. */
export async function save(page, file, text) {
  await eventually(async () => assert.equal(await shownText(page), text));
  await page.keyboard.press('Control+s');
  await eventually(async () => assert.equal(await readFile(file, 'utf8'), text));
  await page.locator('.tab.dirty').waitFor({ state: 'detached' });
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

function quickInput(page) {
  return page.locator('.quick-input-box input');
}

function quickRow(page, text) {
  return page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
}

/** Goes down the list, and around, until Enter takes the row. */
async function take(page, text) {
  const chosen = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text });
  await eventually(async () => {
    if (!(await chosen.isVisible())) {
      await page.keyboard.press('ArrowDown');
    }
    assert.ok(await chosen.isVisible(), `${text} is not chosen`);
  });
  await page.keyboard.press('Enter');
  await chosen.waitFor({ state: 'hidden' });
}

function isSeen(locator) {
  return locator.waitFor({ timeout: LIST_TIMEOUT_MS }).then(
    () => true,
    () => false,
  );
}
