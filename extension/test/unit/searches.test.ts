import { expect, test } from 'vitest';

import { Searches } from '../../src/searches';

test('shows nothing before the first search', () => {
  expect(new Searches().view()).toBeUndefined();
});

test('follows one search from begin to end', () => {
  const searches = new Searches();
  searches.tell('t1', { kind: 'begin', title: 'ORPS median()' });
  expect(searches.view()).toEqual({
    text: '$(sync~spin) ORPS',
    tooltip: 'ORPS median()',
  });
  searches.tell('t1', { kind: 'report', message: 'best 2/3 tests' });
  expect(searches.view()).toEqual({
    text: '$(sync~spin) ORPS',
    tooltip: 'ORPS median(): best 2/3 tests',
  });
  searches.tell('t1', { kind: 'report', percentage: 40 });
  expect(searches.view()?.tooltip).toBe('ORPS median(): best 2/3 tests');
  searches.tell('t1', { kind: 'end', message: 'done: 3/3' });
  expect(searches.view()).toEqual({
    text: '$(beaker) ORPS done: 3/3',
    tooltip: 'ORPS median(): done: 3/3',
  });
});

test('counts searches that run at the same time and names each', () => {
  const searches = new Searches();
  searches.tell('a', { kind: 'begin', title: 'ORPS a()', message: '1/4' });
  searches.tell('b', { kind: 'begin', title: 'ORPS b()' });
  expect(searches.view()).toEqual({
    text: '$(sync~spin) ORPS 2 searches',
    tooltip: 'ORPS a(): 1/4\nORPS b()',
  });
  searches.tell('a', { kind: 'end' });
  expect(searches.view()?.tooltip).toBe('ORPS b()');
});

test('a late report brings nothing back', () => {
  const searches = new Searches();
  searches.tell('a', { kind: 'begin', title: 'ORPS a()' });
  searches.clear();
  searches.tell('a', { kind: 'report', message: '2/4' });
  searches.tell('a', { kind: 'end', message: 'cancelled' });
  expect(searches.view()).toBeUndefined();
});

test('a long last word is cut in the bar and whole in the tooltip', () => {
  const searches = new Searches();
  const message = `failed: ${'no tests '.repeat(20)}`;
  searches.tell('a', { kind: 'begin', title: 'ORPS a()' });
  searches.tell('a', { kind: 'end', message });
  expect(searches.view()).toEqual({
    text: '$(beaker) ORPS failed: no tests no tests no tests no t…',
    tooltip: `ORPS a(): ${message}`,
  });
});
