import { expect, test } from 'vitest';

import { Coalesced } from '../../src/coalesced';

/** A job whose every run waits for its turn to be let go. */
function gatedJob() {
  const gates: PromiseWithResolvers[] = [];
  const job = () => {
    const gate = withResolvers();
    gates.push(gate);
    return gate.promise;
  };
  return { gates, job };
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

test('requests during a run share one run after it', async () => {
  const { gates, job } = gatedJob();
  const coalesced = new Coalesced(job);
  const first = coalesced.request();
  const rest = [coalesced.request(), coalesced.request(), coalesced.request()];
  expect(gates).toHaveLength(1);
  gates[0]?.resolve();
  await first;
  await Promise.resolve();
  expect(gates).toHaveLength(2);
  gates[1]?.resolve();
  await Promise.all(rest);
  expect(gates).toHaveLength(2);
});

test('a failed run is told to those who asked for it, and the next one runs', async () => {
  const { gates, job } = gatedJob();
  const coalesced = new Coalesced(job);
  const first = coalesced.request();
  const second = coalesced.request();
  gates[0]?.reject(new Error('no server'));
  await expect(first).rejects.toThrow('no server');
  await Promise.resolve();
  gates[1]?.resolve();
  await expect(second).resolves.toBeUndefined();
});

test('a request after the end starts at once', async () => {
  let runs = 0;
  const coalesced = new Coalesced(() => {
    runs += 1;
    return Promise.resolve();
  });
  await coalesced.request();
  await coalesced.request();
  expect(runs).toBe(2);
});

test('settled waits for the run that waits', async () => {
  const { gates, job } = gatedJob();
  const coalesced = new Coalesced(job);
  const first = coalesced.request();
  const second = coalesced.request();
  let settled = false;
  const settling = coalesced.settled().then(() => {
    settled = true;
  });
  gates[0]?.resolve();
  await first;
  await Promise.resolve();
  expect(settled).toBe(false);
  gates[1]?.resolve();
  await second;
  await settling;
  expect(settled).toBe(true);
});
