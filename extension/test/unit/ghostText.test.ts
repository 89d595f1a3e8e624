import { expect, test } from 'vitest';

import { ghostOf } from '../../src/ghostText/shape';

const BODY = 'return number + number';

function offered(line: string, replaced: string, text = BODY) {
  const start = line.indexOf(replaced);
  return { line, start, end: start + replaced.length, text };
}

test('a body stands below the line of the stub, which goes', () => {
  const line = '    ...';
  expect(ghostOf(offered(line, '...'), line.length, '    ')).toEqual({
    insertText: `\n    ${BODY}`,
    removesFrom: 'line',
  });
});

test('behind a header it gets a line of its own, and the header stays', () => {
  const line = '  def double(number): ...';
  expect(ghostOf(offered(line, '...'), line.length, '\t')).toEqual({
    insertText: `\n  \t${BODY}`,
    removesFrom: '  def double(number):'.length,
  });
});

test('what was begun is continued as the editor does it anyway', () => {
  const line = '    return';
  expect(ghostOf(offered(line, 'return'), line.length, '    ')).toBeUndefined();
});

test('in the middle of a line nothing can be added', () => {
  expect(ghostOf(offered('    ...', '...'), 5, '    ')).toBeUndefined();
});
