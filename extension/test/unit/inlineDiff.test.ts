import { describe, expect, it } from 'vitest';

import {
  anchorOf,
  betterOf,
  changesOf,
  headingOf,
  opensItself,
  stepped,
} from '../../src/inlineDiff/model';
import { candidateOf, snapshotOf } from './snapshots';

const TEXT = ['def median(values):', '    """Return the middle."""', '    ...', ''];

function edit(from: [number, number], to: [number, number], newText: string) {
  const [start, end] = [from, to].map(([line, character]) => ({ line, character }));
  if (start === undefined || end === undefined) {
    throw new Error('two places are needed');
  }
  return { range: { start, end }, newText };
}

const changes = (...edits: ReturnType<typeof edit>[]) =>
  changesOf(edits, (line) => TEXT[line] ?? '');

describe('what an edit changes', () => {
  it('is told in whole lines', () => {
    const [change] = changes(edit([2, 4], [2, 7], 'half = 1\n    return half'));
    expect(change).toMatchObject({
      start: { line: 2 },
      removes: true,
      inserted: ['    half = 1', '    return half'],
    });
  });

  it('leaves out the lines that stay', () => {
    const [change] = changes(edit([1, 0], [2, 7], `${TEXT[1] ?? ''}\n    return 1`));
    expect(change).toMatchObject({
      start: { line: 2 },
      end: { line: 2 },
      inserted: ['    return 1'],
    });
  });

  it('is an insertion where nothing goes', () => {
    const [change] = changes(edit([1, 28], [1, 28], '\n    return 1'));
    expect(change).toMatchObject({
      start: { line: 1 },
      removes: false,
      inserted: ['    return 1'],
    });
  });

  it('hangs on the body, not on an import above it', () => {
    const all = changes(edit([2, 4], [2, 7], 'return 1'), edit([0, 0], [0, 0], 'import re\n'));
    expect(all[0]).toMatchObject({ removes: false, inserted: ['import re'] });
    expect(anchorOf(all)).toBe(all[1]);
  });
});

describe('a diff opens by itself', () => {
  const nobody = { shown: new Set<string>() };

  it.each([
    [
      'for a candidate that passes everything',
      true,
      snapshotOf({ candidates: [candidateOf(3, 3)] }),
    ],
    ['not for less while the search runs', false, snapshotOf({ candidates: [candidateOf(2, 3)] })],
    [
      'for the best of a search that is over',
      true,
      snapshotOf({ state: 'done', candidates: [candidateOf(2, 3)] }),
    ],
    [
      'not for what passes nothing',
      false,
      snapshotOf({ state: 'done', candidates: [candidateOf(0, 3)] }),
    ],
    ['not without a candidate', false, snapshotOf({ state: 'done' })],
  ])('%s', (_when, expected, search) => {
    expect(opensItself(search, nobody)).toBe(expected);
  });

  it('only once', () => {
    const search = snapshotOf({ candidates: [candidateOf(3, 3)] });
    expect(opensItself(search, { shown: new Set([search.searchId]) })).toBe(false);
  });
});

describe('the ranking', () => {
  const ranking = [candidateOf(3, 3, 'a', 1), candidateOf(2, 3, 'b', 2), candidateOf(1, 3, 'c', 3)];

  it('is walked in both directions and around', () => {
    expect(stepped(ranking, 'a', 1)?.id).toBe('b');
    expect(stepped(ranking, 'a', -1)?.id).toBe('c');
    expect(stepped(ranking, 'c', 1)?.id).toBe('a');
  });

  it('offers a better candidate only when it is news', () => {
    expect(betterOf(ranking, 'b', new Set(['b', 'c']))?.id).toBe('a');
    expect(betterOf(ranking, 'b', new Set(['a', 'b', 'c']))).toBeUndefined();
    expect(betterOf(ranking, 'a', new Set())).toBeUndefined();
  });

  it('has a heading for each place', () => {
    expect(headingOf(ranking, 'b')).toBe('#2 of 3: passes 2 of 3 tests, 1 ms');
  });
});
