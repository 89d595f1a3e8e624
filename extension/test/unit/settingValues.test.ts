import { expect, test } from 'vitest';

import { serverCommandLine, withInterpreter, writtenSettings } from '../../src/settingValues';

test.each([
  [undefined, []],
  [[], []],
  ['', []],
  ['/opt/orps-lsp', ['/opt/orps-lsp']],
  [
    ['python', '-m', 'orps_server'],
    ['python', '-m', 'orps_server'],
  ],
  [{ path: 'x' }, []],
  [['python', 3], ['python']],
])('the command line of %j is %j', (value, expected) => {
  expect(serverCommandLine(value)).toEqual(expected);
});

test('sends what somebody wrote, wherever, and no default', () => {
  const inspected = {
    'search.seed': {},
    'llm.model': { globalValue: 'small' },
    codeLens: { workspaceValue: false },
    'tests.select': { workspaceFolderValue: ['tests'] },
  };
  const values = { 'llm.model': 'small', codeLens: false, 'tests.select': ['tests'] };
  expect(
    writtenSettings(
      [...Object.keys(inspected), 'not.contributed'],
      (name) => inspected[name as keyof typeof inspected],
      (name) => values[name as keyof typeof values],
    ),
  ).toEqual(values);
});

test('the interpreter that the person set is kept', () => {
  expect(withInterpreter({ interpreter: '/own/python' }, '/editor/python')).toEqual({
    interpreter: '/own/python',
  });
  expect(withInterpreter({ interpreter: '' }, '/editor/python')).toEqual({
    interpreter: '/editor/python',
  });
  expect(withInterpreter({ hover: false }, undefined)).toEqual({ hover: false });
});
