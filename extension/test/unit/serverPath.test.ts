import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { findServer, majorOf, thisMachine } from '../../src/serverPath';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'orps-path-'));
});

afterEach(async () => {
  await rm(home, { recursive: true });
});

/** A real program in a folder of its own that prints `version`. */
async function install(folder: string, version: string, name = 'orps-lsp'): Promise<string> {
  const program = path.join(home, folder, name);
  await mkdir(path.dirname(program), { recursive: true });
  await writeFile(program, `#!/bin/sh\necho "orps-lsp ${version}"\n`);
  await chmod(program, 0o755);
  return program;
}

function machine(...folders: string[]) {
  const directories = folders.map((folder) => path.join(home, folder));
  return thisMachine({ PATH: directories.join(path.delimiter) });
}

test('takes the first server on PATH of our major version', async () => {
  await install('old', '1.9.3');
  const right = await install('right', '2.0.1');
  await install('late', '2.4.0');
  expect(await findServer([], '2.7.0', machine('empty', 'old', 'right', 'late'))).toEqual({
    kind: 'command',
    command: right,
    args: [],
  });
});

test('falls back to an environment of its own, which a setting rules out', async () => {
  const own = { kind: 'command', command: '/own/python', args: [] } as const;
  const bare = { ...machine(), directories: [home], privateServer: () => Promise.resolve(own) };
  expect(await findServer([], '0.1.0', bare)).toBe(own);
  expect(await findServer(['nowhere'], '0.1.0', bare)).toMatchObject({ canCreate: false });
});

test('tells which versions it found when none fits', async () => {
  const old = await install('old', '1.9.3');
  const found = await findServer([], '2.0.0', {
    ...machine('old'),
    directories: [path.dirname(old)],
  });
  expect(found).toMatchObject({ kind: 'fault' });
  expect(found).toHaveProperty('message', expect.stringContaining(`${old} (orps-lsp 1.9.3)`));
  expect(found).toHaveProperty(
    'remedy',
    expect.stringContaining('uv tool install "orps-lsp==2.*"'),
  );
});

test('says how to install a server that is nowhere', async () => {
  expect(await findServer([], '0.1.0', { ...machine(), directories: [home] })).toEqual({
    kind: 'fault',
    message: 'There is no orps-lsp on PATH.',
    canCreate: true,
    remedy:
      'Run "ORPS: Create Server Environment", or install it with ' +
      '`uv tool install "orps-lsp==0.*"` or `pipx install "orps-lsp==0.*"`, ' +
      'or set orps.server.path.',
  });
});

test('a program that does not answer is passed over', async () => {
  const broken = await install('broken', '');
  await writeFile(broken, '#!/bin/sh\nexit 3\n');
  const right = await install('right', '0.1.0');
  expect(await findServer([], '0.1.0', machine('broken', 'right'))).toMatchObject({
    command: right,
  });
});

test('the setting wins, whatever its version, with its arguments', async () => {
  await install('path', '0.1.0');
  const own = await install('own', '7.0.0', 'my-server');
  expect(await findServer([own, '-P', '-m', 'orps_server'], '0.1.0', machine('path'))).toEqual({
    kind: 'command',
    command: own,
    args: ['-P', '-m', 'orps_server'],
  });
});

test('the setting may be a bare name or start at home', async () => {
  const own = await install('own', '0.1.0', 'my-server');
  expect(await findServer(['my-server'], '0.1.0', machine('own'))).toMatchObject({ command: own });
  expect(await findServer(['~/own/my-server'], '0.1.0', { ...machine(), home })).toMatchObject({
    command: own,
  });
});

test.each(['missing', './relative/orps-lsp', '/nowhere/orps-lsp'])(
  'a setting that names no program is a fault: %s',
  async (program) => {
    await install('relative', '0.1.0');
    const found = await findServer([program], '0.1.0', machine('relative'));
    expect(found).toHaveProperty('message', expect.stringContaining(program));
    expect(found).toHaveProperty('kind', 'fault');
  },
);

test('folders on PATH that the workspace decides about are not searched', () => {
  const { directories } = thisMachine({ PATH: ['', '.', 'bin', '/usr/bin'].join(path.delimiter) });
  expect(directories).toEqual(['/usr/bin', expect.stringMatching(/\.local.bin$/)]);
});

test.each([
  ['orps-lsp 12.4.1', '12'],
  ['0.1.0', '0'],
  ['nonsense', undefined],
])('the major version of %j is %s', (text, major) => {
  expect(majorOf(text)).toBe(major);
});
