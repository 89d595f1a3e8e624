/**
 * The search document, parsed once at the border (docs/search-document.md).
 *
 * A page may be older or newer than the server that wrote the document, so members that
 * are missing get a value that draws as "unknown", and members that are new are ignored.
 */

export const CANDIDATE_STATES = ['passing', 'beam', 'truncated', 'failed', 'running'] as const;
export type CandidateState = (typeof CANDIDATE_STATES)[number];

export interface TestResult {
  readonly id: string;
  /** The server's word: `passed`, `failed`, `timeout`, ... */
  readonly status: string;
  readonly message: string;
  readonly milliseconds: number | undefined;
}

export interface Cost {
  readonly requests: number;
  readonly tokens: number;
  readonly seconds: number;
}

export interface Candidate {
  readonly id: string;
  readonly parent: string | undefined;
  readonly round: number;
  readonly state: CandidateState;
  readonly rank: number | undefined;
  readonly passed: number;
  readonly total: number;
  readonly code: string;
  readonly reasoning: string;
  readonly critique: string;
  readonly processReward: number | undefined;
  readonly outcomeReward: number | undefined;
  readonly tests: readonly TestResult[];
  /** What the run was measured to take, and what the text of the code measures. */
  readonly figures: readonly Figure[];
  readonly cost: Cost;
  /** Why the run as a whole failed, or why nothing came of the candidate. */
  readonly detail: string;
  readonly blame: string;
}

export interface Figure {
  readonly name: string;
  readonly value: string;
}

export interface SearchDocument {
  readonly searchId: string;
  readonly name: string;
  readonly file: string;
  /** The definition as it was when the search began, '' when unknown. */
  readonly stub: string;
  readonly state: string;
  readonly stopReason: string;
  /** It ended, and there is more to do. */
  readonly resumable: boolean;
  /** What went wrong in the world, and the remedy. */
  readonly failure: string;
  readonly policy: string;
  readonly proposer: string;
  readonly tier: string;
  readonly judge: string;
  readonly usage: Cost;
  /** The largest that the search may use; `undefined` where nothing limits it. */
  readonly budget: { readonly [K in keyof Cost]: number | undefined };
  readonly candidates: readonly Candidate[];
}

type Json = Readonly<Record<string, unknown>>;

/** Throws when `value` is not even the outline of a search document. */
export function parseDocument(value: unknown): SearchDocument {
  const json = asObject(value);
  if (!Array.isArray(json['candidates'])) {
    throw new TypeError('This is not a search document: it has no candidates.');
  }
  const target = asObject(json['target']);
  const budget = asObject(json['budget']);
  return {
    searchId: asText(json['searchId']),
    name: asText(target['qualname']),
    file: asText(target['file']),
    stub: asText(target['source']),
    state: asText(json['state']),
    stopReason: asText(json['stopReason']),
    resumable: json['resumable'] === true,
    failure: asText(json['failure']),
    policy: asText(json['policy']),
    proposer: asText(json['proposer']),
    tier: asText(json['tier']),
    judge: asText(json['judge']),
    usage: asCost(json['usage']),
    budget: {
      requests: asNumber(budget['requests']),
      tokens: asNumber(budget['tokens']),
      seconds: asNumber(budget['seconds']),
    },
    candidates: withSoundParents(json['candidates'].map(asCandidate)),
  };
}

function asCandidate(value: unknown): Candidate {
  const json = asObject(value);
  const tests = Array.isArray(json['tests']) ? json['tests'] : [];
  return {
    id: asText(json['id']),
    parent: asText(json['parent']) || undefined,
    round: asNumber(json['round']) ?? 0,
    state: CANDIDATE_STATES.find((state) => state === json['state']) ?? 'truncated',
    rank: asNumber(json['rank']),
    passed: asNumber(json['passed']) ?? 0,
    total: asNumber(json['total']) ?? 0,
    code: asText(json['code']),
    reasoning: asText(json['reasoning']),
    critique: asText(json['critique']),
    processReward: asNumber(json['processReward']),
    outcomeReward: asNumber(json['outcomeReward']),
    tests: tests.map(asTest),
    figures: [...asFigures(json['profile']), ...asFigures(json['metrics'])],
    cost: asCost(json['cost']),
    detail: [asText(json['detail']), asText(json['reason'])].filter(Boolean).join('\n'),
    blame: asText(json['blame']) || asProse(json['blame']),
  };
}

function asTest(value: unknown): TestResult {
  const json = asObject(value);
  return {
    id: asText(json['id']),
    status: asText(json['status']),
    message: asText(json['message']),
    milliseconds: asNumber(json['ms']),
  };
}

function asCost(value: unknown): Cost {
  const json = asObject(value);
  const both = (asNumber(json['inputTokens']) ?? 0) + (asNumber(json['outputTokens']) ?? 0);
  return {
    requests: asNumber(json['requests']) ?? 0,
    tokens: asNumber(json['tokens']) ?? both,
    seconds: asNumber(json['seconds']) ?? 0,
  };
}

function asFigures(value: unknown): Figure[] {
  return Object.entries(asObject(value))
    .filter(([, figure]) => typeof figure === 'number' || typeof figure === 'string')
    .map(([name, figure]) => ({ name: inWords(name), value: asFigure(figure) }));
}

function asFigure(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value)
    ? value.toPrecision(3)
    : String(value);
}

/** "peakMemoryBytes" gives "peak memory bytes". */
function inWords(name: string): string {
  return name
    .replace(/_/g, ' ')
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A candidate whose parent is not there, or is its own descendant, hangs on the stub. */
function withSoundParents(candidates: readonly Candidate[]): Candidate[] {
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  return [...byId.values()].map((candidate) =>
    isSound(candidate, byId) ? candidate : { ...candidate, parent: undefined },
  );
}

function isSound(candidate: Candidate, byId: ReadonlyMap<string, Candidate>): boolean {
  const seen = new Set<string>();
  let at = candidate.parent;
  if (at !== undefined && !byId.has(at)) {
    return false;
  }
  while (at !== undefined && !seen.has(at)) {
    if (at === candidate.id) {
      return false;
    }
    seen.add(at);
    at = byId.get(at)?.parent;
  }
  return true;
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asProse(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : '';
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
