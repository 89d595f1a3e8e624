import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

import manifest from '../../../package.json' with { type: 'json' };
import strings from '../../../package.nls.json' with { type: 'json' };
import { ServerCommand } from '../../src/lspExt';

const ROOT = new URL('../../../', import.meta.url);

test('wakes up for Python alone, and never in a workspace that is not trusted', () => {
  expect(manifest.activationEvents).toEqual(['onLanguage:python']);
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe(false);
});

test('no command of ours has the id of a command of the server', () => {
  const ours = manifest.contributes.commands.map(({ command }) => command);
  expect(ours.filter((id) => (Object.values(ServerCommand) as string[]).includes(id))).toEqual([]);
});

test('the program to start cannot be set by a repository', () => {
  expect(manifest.contributes.configuration.properties['orps.server.path'].scope).toBe('machine');
});

test('each string for people has a place to be translated', () => {
  const keys = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
  expect(keys.filter((key) => key !== undefined && !(key in strings))).toEqual([]);
  expect(Object.keys(strings).filter((key) => !keys.includes(key))).toEqual([]);
});

test('is released together with the server', async () => {
  const source = await readFile(new URL('server/orps_server/__init__.py', ROOT), 'utf8');
  expect(source).toContain(`__version__ = "${manifest.version}"`);
});

test('the package holds single files that are named, and all it needs', async () => {
  const lines = (await readFile(new URL('.vscodeignore', ROOT), 'utf8')).split('\n');
  const [everything, ...exceptions] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  expect(everything).toBe('**');
  expect(exceptions.filter((line) => !/^!\w[\w./-]*(\*\.(py|md|whl))?$/.test(line))).toEqual([]);
  expect(exceptions).toContain(`!${manifest.icon}`);
  expect(exceptions).toContain(manifest.main.replace('./', '!'));
});
