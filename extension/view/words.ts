/**
 * How things are said; no meaning is left to shape or color alone.
 */
import type { Candidate, CandidateState, SearchDocument } from './document';
import type { CostKind } from './layout';

/** What docs/search-document.md calls the states, for people. */
export const STATE_WORDS: Readonly<Record<CandidateState, string>> = {
  passing: 'passes all tests',
  beam: 'expanded in the beam',
  truncated: 'truncated',
  failed: 'failed',
  running: 'running',
};

export const COST_WORDS: Readonly<Record<CostKind, string>> = {
  tokens: 'tokens',
  seconds: 'seconds',
  requests: 'requests',
};

/** Short enough for a tooltip's first line: "#1 (c7) · round 2". */
export function nameOf(candidate: Candidate): string {
  const rank = candidate.rank === undefined ? candidate.id : `#${candidate.rank} (${candidate.id})`;
  return `${rank} · round ${candidate.round}`;
}

export function passes({ passed, total }: Candidate): string {
  return `passes ${passed} of ${total} ${total === 1 ? 'test' : 'tests'}`;
}

/** Everything that the drawing shows of a candidate, for those who cannot see it. */
export function spoken(candidate: Candidate): string {
  const words = [`Candidate ${nameOf(candidate)}`, passes(candidate), STATE_WORDS[candidate.state]];
  return words.join(', ');
}

/** The lines of the tooltip below its title. */
export function evidence(candidate: Candidate): string[] {
  const failing = candidate.tests.find(({ status }) => status !== 'passed');
  const rewards = [
    reward('process', candidate.processReward),
    reward('outcome', candidate.outcomeReward),
  ].filter((text) => text !== undefined);
  return [
    `${passes(candidate)}; ${STATE_WORDS[candidate.state]}`,
    ...(candidate.detail === '' ? [] : [firstLine(candidate.detail)]),
    ...(failing === undefined ? [] : [`${shortTest(failing.id)}: ${firstLine(failing.message)}`]),
    ...(rewards.length === 0 ? [] : [`reward: ${rewards.join(', ')}`]),
    ...(candidate.critique === '' ? [] : [`critique: ${firstLine(candidate.critique)}`]),
  ];
}

/** "tests/test_a.py::test_b[1]" gives "test_b[1]". */
export function shortTest(id: string): string {
  return id.slice(id.lastIndexOf('::') + 1).replace(/^:/, '');
}

export function headline(search: SearchDocument): string {
  const stop = search.stopReason.replace(/[_-]/g, ' ').replace(/(?<=[a-z])[A-Z]/g, (c) => ` ${c}`);
  const why = stop === '' || stop === search.state ? '' : ` (${stop.toLowerCase()})`;
  return `${search.state}${why}`;
}

export function used(search: SearchDocument, kind: CostKind): string {
  const limit = search.budget[kind];
  const amount = amountOf(search.usage[kind], kind);
  return limit === undefined ? amount : `${amount} of ${amountOf(limit, kind)}`;
}

function amountOf(value: number, kind: CostKind): string {
  return kind === 'seconds' ? `${value.toFixed(value < 10 ? 1 : 0)} s` : value.toLocaleString('en');
}

function reward(name: string, value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${name} ${Number(value.toFixed(2))}`;
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`;
}
