/**
 * A few named checks in a row, told line by line; the extension host has no test runner.
 */
export type Checks = Readonly<Record<string, () => Promise<void>>>;

/** Begins each line that the person who runs the tests is to see. */
const MARK = '[check]';

/** Long enough for a search on a busy machine; only a check that hangs takes it. */
const CHECK_TIMEOUT_MS = 120_000;

class Late extends Error {}

/**
 * Runs all of them, also after a failure; throws when one failed. The row ends with one
 * that is not done in time, since it would go on beside the next.
 */
export async function runChecks(checks: Checks): Promise<void> {
  const failed: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      await within(CHECK_TIMEOUT_MS, check());
      console.log(`${MARK} ok ${name}`);
    } catch (error) {
      failed.push(name);
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      console.log(`${MARK} FAILED ${name}\n${reason}`);
      if (error instanceof Late) {
        break;
      }
    }
  }
  if (failed.length > 0) {
    throw new Error(`${failed.length.toString()} checks failed: ${failed.join(', ')}`);
  }
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Late(`not done after ${(milliseconds / 1000).toString()} s`));
    }, milliseconds);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
