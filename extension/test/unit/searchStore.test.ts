import { expect, test } from 'vitest';

import { SearchStore } from '../../src/searchStore';
import { statusView } from '../../src/statusView';
import { candidateOf, snapshotOf } from './snapshots';

function storeWith(...snapshots: ReturnType<typeof snapshotOf>[]): SearchStore {
  const store = new SearchStore();
  for (const snapshot of snapshots) {
    store.tell(snapshot);
  }
  return store;
}

test('an older snapshot changes nothing', () => {
  const store = storeWith(snapshotOf({ revision: 5, state: 'done' }), snapshotOf({ revision: 4 }));
  expect(store.get('s1')?.state).toBe('done');
});

test('a new search of the same function takes the place of the old one', () => {
  const store = storeWith(
    snapshotOf(),
    snapshotOf({ searchId: 's2', function: 'double' }),
    snapshotOf({ searchId: 's3' }),
  );
  expect(store.searches.map(({ searchId }) => searchId)).toEqual(['s3', 's2']);
});

test('a server that goes away interrupts what was running', () => {
  const store = storeWith(
    snapshotOf(),
    snapshotOf({ searchId: 's2', function: 'f', state: 'done' }),
  );
  store.interrupt();
  expect(store.searches.map(({ state }) => state)).toEqual(['done', 'interrupted']);
});

test('listeners hear of each change until they leave', () => {
  const store = new SearchStore();
  const heard: number[] = [];
  const listening = store.onDidChange(({ revision }) => heard.push(revision));
  store.tell(snapshotOf({ revision: 1 }));
  store.tell(snapshotOf({ revision: 1 }));
  listening.dispose();
  store.tell(snapshotOf({ revision: 2 }));
  expect(heard).toEqual([1]);
});

test('the status bar shows progress, the best and the cost', () => {
  const usage = { requests: 3, inputTokens: 8000, outputTokens: 100, seconds: 2 };
  const view = statusView([snapshotOf({ usage, candidates: [candidateOf(2, 3)] })]);
  expect(view?.text).toBe('$(sync~spin) ORPS 12/40, best 2/3, 8.1k tokens');
  expect(view?.tooltip).toContain('3 requests');
});

test('the status bar counts what runs and then keeps the last result', () => {
  const other = snapshotOf({ searchId: 's2', function: 'double' });
  expect(statusView([snapshotOf(), other])?.text).toContain('2 searches');
  expect(statusView([snapshotOf({ state: 'cancelled' })])?.text).toBe('$(beaker) ORPS cancelled');
  expect(statusView([])).toBeUndefined();
});
