import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { PrivateServer } from '../../src/environment/privateServer';
import { isRecent, pythonOf, recipe } from '../../src/environment/recipe';
import { thisMachine } from '../../src/serverPath';

let home: string;
const silent = { announce: () => undefined, tell: () => undefined };

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'orps-environment-'));
  await mkdir(path.join(home, 'bin'));
});

afterEach(async () => {
  await rm(home, { recursive: true });
});

async function program(name: string, script: string): Promise<void> {
  const file = path.join(home, 'bin', name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** A real program that notes how it was called, in the place of uv. */
function standIn(status: number, words = 'no such package'): Promise<void> {
  const script = `echo "$@" >> "${home}/calls"; mkdir -p "${home}/server"; echo "${words}" >&2`;
  return program('uv', `${script}; exit ${status}`);
}

function server(version = '1.0.0') {
  return new PrivateServer({ storage: home, extension: path.join(home, 'extension'), version });
}

function create(signal = new AbortController().signal) {
  const machine = { ...thisMachine({}), directories: [path.join(home, 'bin')] };
  return server().create(machine, { ...silent, signal });
}

test('is there once all of it was made, and for one version only', async () => {
  await standIn(0);
  expect(await server().find()).toBeUndefined();
  await create();
  expect((await server().find())?.args).toEqual(['-P', '-m', 'orps_server']);
  expect(await server('1.0.1').find()).toBeUndefined();
  expect(await readFile(path.join(home, 'calls'), 'utf8')).toContain('orps-lsp==1.0.0');
});

test('comes from the wheel in the package where there is one', async () => {
  await standIn(0);
  const wheel = path.join(home, 'extension/dist/wheels/orps_lsp-1.0.0-py3-none-any.whl');
  await mkdir(path.dirname(wheel), { recursive: true });
  await writeFile(wheel, 'one');
  await create();
  expect(await readFile(path.join(home, 'calls'), 'utf8')).toContain(wheel);
  await writeFile(wheel, 'another');
  expect(await server().find()).toBeUndefined();
});

test('is not there when a step failed, whose words are told', async () => {
  await standIn(3);
  await expect(create()).rejects.toThrow(/uv makes an environment.*no such package/);
  expect(await server().find()).toBeUndefined();
});

test('says what is needed where there is neither uv nor a Python', async () => {
  await expect(create()).rejects.toThrow(/Neither uv nor Python 3\.11/);
});

test.each([
  ['error: Failed to fetch: dns error: failed to lookup address', /package index does not answer/],
  ['ERROR: No matching distribution found for orps-lsp==1.0.0', /lacks a package/],
  ['OSError: [Errno 28] No space left on device', /disk is full/],
  ['/usr/bin/python3: No module named pip', /pip of this Python does not work/],
  ['SSLError: certificate verify failed', /certificate of the package index/],
  ['something nobody has seen', /something nobody has seen/],
])('tells what to do about "%s"', async (words, told) => {
  await standIn(1, words);
  await expect(create()).rejects.toThrow(told);
});

test('says that a Python lacks what environments are made of', async () => {
  await program('python3', 'case "$*" in *ensurepip*) exit 1;; *) echo 3.12;; esac');
  await expect(create()).rejects.toThrow(/apt-get install python3-venv/);
});

test('prefers the Python that the wheels in the package are for', async () => {
  const wheels = path.join(home, 'extension/dist/wheels');
  await mkdir(wheels, { recursive: true });
  await writeFile(path.join(wheels, 'orps_lsp-1.0.0-py3-none-any.whl'), '');
  await writeFile(path.join(wheels, 'jiter-0.19.0-cp312-cp312-linux_x86_64.whl'), '');
  await program('python3.14', 'echo 3.14');
  await program('python3.12', `echo 3.12; echo "$@" >> "${home}/calls"; exit 0`);
  // It makes no environment, so there is no pip to call.
  await expect(create()).rejects.toThrow(/pip installs orps-lsp/);
  expect(await readFile(path.join(home, 'calls'), 'utf8')).toContain('-m venv');
});

test('ends when it is stopped, and is not there', async () => {
  await program('uv', 'sleep 60');
  const stopped = new AbortController();
  const creating = create(stopped.signal);
  stopped.abort();
  await expect(creating).rejects.toThrow(/abort/i);
  expect(await server().find()).toBeUndefined();
});

test('Python works too, when it is recent enough', () => {
  const source = { server: 'orps-lsp==1', wheels: undefined, python: undefined };
  const [made, installed] = recipe({ kind: 'python', program: 'python3' }, '/e', source);
  expect(made?.attempts).toEqual([['-I', '-m', 'venv', '/e']]);
  expect(installed?.attempts.map((args) => args.includes('orps-lsp==1'))).toEqual([true]);
  expect(['3.11', '3.14', '4.0'].map(isRecent)).toEqual([true, true, true]);
  expect(['3.10', '2.7', ''].map(isRecent)).toEqual([false, false, false]);
});

test('the wheels that are there come first, and an index only after them', () => {
  const source = { server: '/w/orps.whl', wheels: '/w', python: '3.11' };
  for (const kind of ['uv', 'python'] as const) {
    const attempts = recipe({ kind, program: kind }, '/e', source).at(-1)?.attempts;
    expect(attempts?.map((args) => args.includes('--no-index'))).toEqual([true, false]);
  }
});

test('wheels tell which Python they are for', () => {
  const pure = 'attrs-26.1.0-py3-none-any.whl';
  const stable = 'psutil-7.2.2-cp36-abi3-manylinux_2_28_x86_64.whl';
  expect(pythonOf([pure, stable, 'jiter-0.19.0-cp312-cp312-linux_x86_64.whl'])).toBe('3.12');
  expect(pythonOf([pure, stable])).toBeUndefined();
});
