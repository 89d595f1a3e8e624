import { describe, expect, it } from 'vitest';

import { changedLines, stepsTo } from '../../view/changes';
import { parseDocument } from '../../view/document';
import { scatterLayout, treeLayout } from '../../view/layout';
import { evidence, headline, spoken, used } from '../../view/words';
import sample from '../samples/search.json';

const search = parseDocument(sample);
const byId = new Map(search.candidates.map((candidate) => [candidate.id, candidate]));

function candidate(id: string) {
  const found = byId.get(id);
  if (found === undefined) {
    throw new Error(id);
  }
  return found;
}

describe('a search document', () => {
  it('is read with its target, bounds and use', () => {
    expect(search.name).toBe('parse_duration');
    expect(used(search, 'tokens')).toBe('10,330 of 200,000');
    expect(used(search, 'seconds')).toBe('31 s');
    expect(headline(search)).toBe('done (all passed)');
  });

  it('may lack whatever is not known yet', () => {
    const fresh = parseDocument({ searchId: 'a', state: 'queued', candidates: [{ id: 'c1' }] });
    expect(fresh.candidates[0]).toMatchObject({ passed: 0, tests: [], critique: '' });
  });

  it('is refused when it is something else', () => {
    expect(() => parseDocument({ error: 'no such search' })).toThrow(/no candidates/);
  });

  it.each([
    ['a parent that is not there', [{ id: 'a', parent: 'gone' }]],
    [
      'a circle',
      [
        { id: 'a', parent: 'b' },
        { id: 'b', parent: 'a' },
      ],
    ],
    ['its own parent', [{ id: 'a', parent: 'a' }]],
  ])('is drawn in spite of %s', (_what, candidates) => {
    const layout = treeLayout(parseDocument({ candidates }).candidates);
    expect(layout.nodes).toHaveLength(candidates.length);
  });
});

it('labels parts of seconds as such, and thousands of tokens in short', () => {
  const cost = (seconds: number, tokens: number) => ({
    candidates: [{ id: 'a', rank: 1, cost: { seconds, tokens } }],
  });
  const labels = (kind: 'seconds' | 'tokens') =>
    scatterLayout(parseDocument(cost(0.1, 2000)).candidates, kind).xTicks.map(({ label }) => label);
  expect(labels('seconds')).toContain('0.02');
  expect(labels('tokens')).toContain('2k');
});

describe('the tree', () => {
  const { nodes, columns } = treeLayout(search.candidates);
  const place = (id: string) => nodes.find((node) => node.candidate.id === id);

  it('has a column for each round', () => {
    expect(columns.map(({ round }) => round)).toEqual([0, 1]);
    expect(place('c5')?.x).toBe(columns[1]?.x);
  });

  it('joins each candidate to its parent', () => {
    expect(place('c5')?.from).toEqual({ x: place('c2')?.x, y: place('c2')?.y });
  });

  it('puts no two candidates on one place', () => {
    expect(new Set(nodes.map(({ x, y }) => `${x},${y}`)).size).toBe(nodes.length);
  });
});

describe('the scatter', () => {
  const { dots, front } = scatterLayout(search.candidates, 'tokens');

  it('counts what the whole path cost', () => {
    expect(dots.find((dot) => dot.candidate.id === 'c5')?.cost).toBe(2310 + 2105);
  });

  it('leaves out what was not executed', () => {
    expect(dots.map((dot) => dot.candidate.id)).not.toContain('c4');
  });

  it('has a front that nobody beats', () => {
    expect(front.map((dot) => dot.candidate.id)).toEqual(['c1', 'c2', 'c5']);
  });
});

describe('the path', () => {
  it('is a chain of differences from the stub on', () => {
    const [first, second] = stepsTo(candidate('c5'), byId, search.stub);
    expect(first?.lines).toContainEqual({ kind: 'removed', text: '    raise NotImplementedError' });
    expect(second?.candidate.id).toBe('c5');
    expect(second?.lines.map(({ kind }) => kind)).toContain('inserted');
  });

  it('does not count the end of the last line as a change', () => {
    expect(changedLines('a\nb', 'a\nb\n')).toEqual([]);
  });
});

describe('the words', () => {
  it('say all that shape and color say', () => {
    expect(spoken(candidate('c2'))).toBe(
      'Candidate #2 (c2) · round 0, passes 2 of 3 tests, expanded in the beam',
    );
  });

  it('name the first test that failed', () => {
    expect(evidence(candidate('c2'))).toContain('test_both: assert 3600 == 5400');
  });
});
