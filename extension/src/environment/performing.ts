/**
 * Runs the steps of a recipe, tells what they print, and says why one failed.
 */
import { execFile } from 'node:child_process';
import * as l10n from '@vscode/l10n';

import { whyItFailed } from './faults';
import type { Step } from './recipe';

const ATTEMPT_TIMEOUT_MS = 10 * 60_000;

export interface Reports {
  /** Called with what is being done. */
  readonly announce: (title: string) => void;
  /** Called with each command and what it printed, for the log. */
  readonly tell: (line: string) => void;
  /** Ends what runs; the step then throws the signal's reason. */
  readonly signal: AbortSignal;
}

/** Tries one attempt after the other; throws why the last one failed. */
export async function perform(step: Step, { announce, tell, signal }: Reports): Promise<void> {
  announce(step.title);
  let fault: string | undefined;
  for (const args of step.attempts) {
    signal.throwIfAborted();
    tell([step.program, ...args].join(' '));
    fault = await attempt(step.program, args, tell, signal);
    if (fault === undefined) {
      return;
    }
  }
  signal.throwIfAborted();
  throw new Error(l10n.t('{0}: that failed. {1}', step.title, fault ?? ''));
}

/** @returns what went wrong, if anything */
function attempt(
  program: string,
  args: readonly string[],
  tell: Reports['tell'],
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: ATTEMPT_TIMEOUT_MS, signal, windowsHide: true, maxBuffer: 1 << 24 };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const printed = `${stdout}${stderr}`.trim();
      if (printed !== '') {
        tell(printed);
      }
      if (error === null) {
        resolve(undefined);
      } else if (error.killed === true) {
        resolve(l10n.t('It did not end within {0} minutes.', ATTEMPT_TIMEOUT_MS / 60_000));
      } else {
        resolve(whyItFailed(printed) || error.message);
      }
    });
  });
}
