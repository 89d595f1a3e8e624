import { expect, test } from 'vitest';

import { healthView, whyNot, type Health } from '../../src/health';

const FAILED: Health = { kind: 'failed', message: 'There is no server.', remedy: 'Install it.' };

test('a failure shows its reason and its remedy, as an error', () => {
  expect(healthView(FAILED)).toEqual({
    text: 'ORPS does not run',
    detail: 'There is no server. Install it.',
    severity: 'error',
    busy: false,
  });
});

test('only a start is busy, only a running server can be asked', () => {
  const all: Health[] = [
    { kind: 'untrusted' },
    { kind: 'starting' },
    { kind: 'running', version: '0.1.0' },
    FAILED,
    { kind: 'stopped' },
  ];
  expect(all.filter((health) => healthView(health).busy)).toEqual([{ kind: 'starting' }]);
  expect(all.filter((health) => whyNot(health) === undefined)).toEqual([
    { kind: 'running', version: '0.1.0' },
  ]);
});
