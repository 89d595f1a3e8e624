/**
 * Packs the extension into orps-lsp-VERSION.vsix at the top of the repository, with the
 * wheel of the server that belongs to it and of all that this depends on; prints what is
 * in it and how large it is.
 *
 * No index has a server of today's sources, and with the other wheels none is needed to
 * install it. Two of them are for one platform and one Python, those of this machine;
 * elsewhere an index has to help.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createVSIX } from '@vscode/vsce';

import manifest from '../../package.json' with { type: 'json' };
import './build.mjs';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PYTHON = path.join(ROOT, '.venv', 'bin', 'python');
const WHEELS = path.join(ROOT, 'dist', 'wheels');
/** Says for which dependencies the wheels were fetched, which takes a while. */
const MARK = path.join(WHEELS, 'fetched-for');
/** Beside the server, for the sample's tests; see src/environment/recipe.ts. */
const FOR_THE_SAMPLE = 'pytest>=8';

/** @returns the file */
export async function packageExtension() {
  await fetchWheels();
  await buildWheel();
  const packagePath = path.join(ROOT, `${manifest.name}-${manifest.version}.vsix`);
  await createVSIX({
    cwd: await staged(),
    packagePath,
    // Everything that runs is in the bundle.
    dependencies: false,
    allowMissingRepository: true,
    // Without a published repository there is nothing they could point to.
    rewriteRelativeLinks: false,
  });
  return packagePath;
}

/**
 * What the package is made of, in a folder of its own: the packer reads through all that
 * lies beside it, and half a gigabyte of editors may.
 */
async function staged() {
  const stage = path.join(ROOT, 'dist', 'package');
  await rm(stage, { recursive: true, force: true });
  const rules = (await readFile(path.join(ROOT, '.vscodeignore'), 'utf8')).split('\n');
  for (const rule of rules.filter((line) => line.startsWith('!'))) {
    for (const file of await filesOf(rule.slice(1))) {
      await cp(path.join(ROOT, file), path.join(stage, file));
    }
  }
  return stage;
}

/** The files that a rule names: one, or those of a folder with the same ending. */
async function filesOf(rule) {
  const [folder, ending] = rule.split('*');
  return ending === undefined
    ? [rule]
    : (await readdir(path.join(ROOT, folder)))
        .filter((name) => name.endsWith(ending))
        .map((name) => path.join(folder, name));
}

/** All that the server depends on, fetched again when that has changed. */
async function fetchWheels() {
  const wanted = [...(await dependencies()), FOR_THE_SAMPLE];
  if ((await readFile(MARK, 'utf8').catch(() => undefined)) === wanted.join('\n')) {
    return;
  }
  await rm(WHEELS, { recursive: true, force: true });
  await mkdir(WHEELS, { recursive: true });
  await pipWheel(...wanted);
  await writeFile(MARK, wanted.join('\n'));
}

async function dependencies() {
  const script =
    'import sys, tomllib; print(*tomllib.load(sys.stdin.buffer)["project"]["dependencies"], sep="\\n")';
  const reading = run(PYTHON, ['-c', script]);
  reading.child.stdin.end(await readFile(path.join(ROOT, 'pyproject.toml')));
  return (await reading).stdout.trim().split('\n');
}

async function buildWheel() {
  for (const file of await readdir(WHEELS)) {
    if (file.startsWith('orps_lsp-')) {
      await rm(path.join(WHEELS, file));
    }
  }
  await pipWheel('--no-deps', ROOT);
}

async function pipWheel(...args) {
  const quiet = ['--quiet', '--disable-pip-version-check'];
  await run(PYTHON, ['-m', 'pip', 'wheel', ...quiet, '--wheel-dir', WHEELS, ...args]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = await packageExtension();
  console.log(`${path.basename(file)}: ${((await stat(file)).size / 1000).toFixed(0)} kB`);
}
