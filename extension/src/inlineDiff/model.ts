/**
 * What an inline diff shows and when; no editor needed.
 */
import * as l10n from '@vscode/l10n';

import type { CandidateSummary, SearchSnapshot } from '../lspExt';
import { isRunning, passesAll } from '../searchStore';

export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface Edit {
  readonly range: { readonly start: Place; readonly end: Place };
  readonly newText: string;
}

/** One edit as a person reads it: whole lines. */
export interface Change {
  readonly start: Place;
  readonly end: Place;
  /** False for a mere insertion, as an import is. */
  readonly removes: boolean;
  readonly inserted: readonly string[];
}

/**
 * The edits in whole lines, without the lines that stay as they are.
 *
 * @param lineAt the text of a line of the document as it is now
 */
export function changesOf(edits: readonly Edit[], lineAt: (line: number) => string): Change[] {
  return edits
    .map((edit) => changeOf(edit, lineAt))
    .sort((one, other) => one.start.line - other.start.line);
}

function changeOf(
  { range: { start, end }, newText }: Edit,
  lineAt: (line: number) => string,
): Change {
  const head = lineAt(start.line).slice(0, start.character);
  const tail = lineAt(end.line).slice(end.character);
  if (start.line === end.line && head === '' && newText.endsWith('\n')) {
    // Whole lines before a line that stays, as imports are.
    return { start, end: start, removes: false, inserted: linesOf(newText.slice(0, -1)) };
  }
  const before = Array.from({ length: end.line - start.line + 1 }, (_, idx) =>
    lineAt(start.line + idx),
  );
  const after = linesOf(head + newText + tail);
  const above = commonLines(before, after);
  const below = commonLines(before.slice(above).reverse(), after.slice(above).reverse());
  const removed = before.slice(above, before.length - below);
  const inserted = after.slice(above, after.length - below);
  const first = start.line + above;
  const last = removed.length > 0 ? first + removed.length - 1 : Math.max(first - 1, 0);
  const lastPlace = { line: last, character: lineAt(last).length };
  return {
    start: removed.length > 0 ? { line: first, character: 0 } : lastPlace,
    end: lastPlace,
    removes: removed.length > 0,
    // An import brings the empty lines around it along, which tell nothing.
    inserted: removed.length > 0 ? inserted : inserted.filter((line) => line.trim() !== ''),
  };
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/);
}

/** How many lines both begin with. */
function commonLines(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((line, idx) => line !== other[idx]);
  return differs === -1 ? Math.min(one.length, other.length) : differs;
}

/** The change on which the diff hangs: the body, not the imports above. */
export function anchorOf(changes: readonly Change[]): Change | undefined {
  return changes.findLast(({ removes }) => removes) ?? changes.at(-1);
}

/** What the person did about the searches so far. */
export interface Memory {
  /** Opened once, whether it is still open or not. */
  readonly shown: ReadonlySet<string>;
}

/**
 * Whether a search has something to show that nobody has seen: a candidate that passes
 * everything, or the best of a search that is over.
 */
export function opensItself(search: SearchSnapshot, memory: Memory): boolean {
  const [best] = search.candidates;
  if (best === undefined || memory.shown.has(search.searchId)) {
    return false;
  }
  return passesAll(best) || (!isRunning(search) && best.passed > 0);
}

/** The candidate `by` places further down the ranking; after the last comes the first. */
export function stepped(
  ranking: readonly CandidateSummary[],
  shown: string,
  by: 1 | -1,
): CandidateSummary | undefined {
  const here = ranking.findIndex(({ id }) => id === shown);
  return ranking[(here + by + ranking.length) % ranking.length];
}

/** The best candidate when it arrived after the person began to look. */
export function betterOf(
  ranking: readonly CandidateSummary[],
  shown: string,
  seen: ReadonlySet<string>,
): CandidateSummary | undefined {
  const [best] = ranking;
  return best !== undefined && best.id !== shown && !seen.has(best.id) ? best : undefined;
}

/** "#2 of 5: passes 3 of 3 tests, 12 ms". */
export function headingOf(ranking: readonly CandidateSummary[], shown: string): string {
  const place = ranking.findIndex(({ id }) => id === shown);
  const candidate = ranking[place];
  return candidate === undefined
    ? l10n.t('no longer among the {0} best', ranking.length)
    : l10n.t('#{0} of {1}: {2}', place + 1, ranking.length, evidenceOf(candidate));
}

/** Without the critique, which has a place of its own. */
export function evidenceOf({ passed, total, milliseconds }: CandidateSummary): string {
  const tests =
    total === 1
      ? l10n.t('passes {0} of 1 test', passed)
      : l10n.t('passes {0} of {1} tests', passed, total);
  if (milliseconds === null) {
    return tests;
  }
  const time = milliseconds < 1 ? l10n.t('under 1 ms') : `${Math.round(milliseconds)} ms`;
  return `${tests}, ${time}`;
}
