/**
 * Snapshots as the server sends them, with what a test cares about.
 */
import type { CandidateSummary, SearchSnapshot } from '../../src/lspExt';

export function snapshotOf(some: Partial<SearchSnapshot> = {}): SearchSnapshot {
  return {
    searchId: 's1',
    revision: 1,
    uri: 'file:///kit.py',
    function: 'median',
    state: 'running',
    stopReason: null,
    resumable: false,
    proposer: 'offline',
    expansions: { done: 12, max: 40 },
    usage: { requests: 0, inputTokens: 0, outputTokens: 0, seconds: 1.5 },
    candidates: [],
    error: null,
    ...some,
  };
}

export function candidateOf(passed: number, total: number, id = 'c1', rank = 1): CandidateSummary {
  return {
    id,
    parent: null,
    round: 0,
    rank,
    title: `passes ${passed} of ${total} tests`,
    passed,
    total,
    milliseconds: 1,
    processReward: null,
    outcomeReward: 1,
  };
}
