/**
 * The path from the stub to a candidate as a chain of differences.
 */
import { structuredPatch } from 'diff';

import type { Candidate } from './document';
import { pathTo } from './layout';

export interface DiffLine {
  readonly kind: 'kept' | 'inserted' | 'removed';
  readonly text: string;
}

export interface Step {
  readonly candidate: Candidate;
  /** `undefined` when there is nothing to compare with: the whole code is new. */
  readonly lines: readonly DiffLine[];
}

const CONTEXT_LINES = 3;
const KINDS = { ' ': 'kept', '+': 'inserted', '-': 'removed' } as const;

/** From the stub on, each candidate against the one that it was made from. */
export function stepsTo(
  candidate: Candidate,
  byId: ReadonlyMap<string, Candidate>,
  stub: string,
): Step[] {
  let before = stub;
  return pathTo(candidate, byId).map((step) => {
    const lines = changedLines(before, step.code);
    before = step.code;
    return { candidate: step, lines };
  });
}

export function changedLines(before: string, after: string): DiffLine[] {
  const patch = structuredPatch('', '', ending(before), ending(after), '', '', {
    context: CONTEXT_LINES,
  });
  return patch.hunks.flatMap(({ lines }) =>
    lines
      .filter((line) => !line.startsWith('\\'))
      .map((line) => ({ kind: kindOf(line), text: line.slice(1) })),
  );
}

function kindOf(line: string): DiffLine['kind'] {
  const sign = line.charAt(0);
  return sign === '+' || sign === '-' ? KINDS[sign] : KINDS[' '];
}

/** Whether the last line ends is not a change that anybody wants to see. */
function ending(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
