import { config } from '@vscode/l10n';
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

test('a running server tells its version, its tier, and what it complains of', () => {
  const running: Health = { kind: 'running', version: '0.1.0' };
  const status = { health: 'ok', message: null, sandbox: 'A' } as const;
  expect(healthView({ ...running, status })).toMatchObject({
    detail: 'orps-lsp 0.1.0, isolation tier A',
    severity: 'information',
  });
  const weak = { health: 'warning', message: 'Limits only.', sandbox: 'C' } as const;
  expect(healthView({ ...running, status: weak })).toMatchObject({
    detail: 'orps-lsp 0.1.0, isolation tier C. Limits only.',
    severity: 'warning',
  });
});

test('a server of another version is said to be one', () => {
  const health: Health = { kind: 'running', version: '2.0.0', madeFor: '0.1.0' };
  expect(healthView(health)).toMatchObject({
    detail: 'orps-lsp 2.0.0, this extension is made for 0.1.0',
    severity: 'warning',
  });
});

test('its words can be translated', () => {
  config({ contents: { 'ORPS is ready': 'ORPS ist bereit' } });
  expect(healthView({ kind: 'running', version: '0.1.0' }).text).toBe('ORPS ist bereit');
  config({ contents: {} });
});
