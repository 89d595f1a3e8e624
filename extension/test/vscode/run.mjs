/**
 * Tests in the real VS Code, with the real server (tests.mjs).
 *
 *   run.mjs [--vscode=VERSION] [--vsix=FILE] [NAME...]    all of them, or those
 *
 * Without a version the newest is tried with all of them, and then the older one with a
 * few; without a file the package is built.
 *
 * Everything that is downloaded or written lies in .vscode-test at the top of the
 * repository, also the pictures of each journey. ORPS_SERVER and ORPS_PYTHON name another
 * server and another interpreter than those of the developer's environment.
 */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

import '../../scripts/build.mjs';
import { packageExtension } from '../../scripts/package.mjs';
import { playBack } from './endpoint.mjs';
import { findBrowser, installVSCode, VERSIONS } from './install.mjs';
import { writeProgram } from './project.mjs';
import { VSCode } from './session.mjs';
import { JOURNEYS, MODULES } from './tests.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const CACHE = path.join(ROOT, '.vscode-test');
const RESULTS = path.join(CACHE, 'results');
const MODULE_TIMEOUT_MS = 480_000;
const VISIBLE_TIMEOUT_MS = 60_000;

const SETTINGS = {
  'orps.server.path': [process.env.ORPS_SERVER ?? path.join(ROOT, '.venv/bin/orps-lsp')],
  'orps.interpreter': process.env.ORPS_PYTHON ?? path.join(ROOT, '.venv/bin/python'),
  'security.workspace.trust.enabled': false,
};

const [NEWEST] = VERSIONS;

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

/** The tests to run in a version: those that were named, else those that are for it. */
function wanted(tests, version) {
  const isAsked = ({ name, allVersions }) =>
    names.length > 0
      ? names.includes(name)
      : allVersions || version === NEWEST.version || option('vscode') !== undefined;
  return tests.filter(isAsked);
}

function option(name) {
  const prefix = `--${name}=`;
  return options.find((given) => given.startsWith(prefix))?.slice(prefix.length);
}

function versions() {
  const only = option('vscode');
  return VERSIONS.filter(({ version }) => only === undefined || version === only);
}

/** Runs the module `NAME.ts` inside the extension host; throws when it fails. */
async function inExtensionHost(vscode, { name }, circumstances) {
  const log = createWriteStream(path.join(RESULTS, `${name}.log`));
  const tell = (line) => {
    log.write(`${line}\n`);
    const check = /\[check\] (.*)/s.exec(line);
    if (check !== null) {
      console.log(`  ${check[1]}`);
    }
  };
  try {
    const module = await bundled(name);
    const given = { extension: ROOT, module, timeoutMs: MODULE_TIMEOUT_MS, tell };
    await vscode.runModule({ ...circumstances, ...given });
  } finally {
    log.end();
  }
}

async function byHand(vscode, { drive }, circumstances) {
  const { folder, endpoint } = circumstances;
  await vscode.open(circumstances, async (page) => {
    page.setDefaultTimeout(VISIBLE_TIMEOUT_MS);
    const shot = (title) => page.screenshot({ path: path.join(RESULTS, `${title}.png`) });
    const [program] = SETTINGS['orps.server.path'];
    await drive({ page, folder, shot, endpoint, program });
  });
}

async function bundled(name) {
  const outfile = path.join(CACHE, 'modules', `${name}.js`);
  await build({
    entryPoints: [path.join(ROOT, `extension/test/vscode/${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return outfile;
}

/** Runs the tests one after the other in one editor; each says whether it passed. */
async function runAll(tests, scratch, editor, run) {
  if (tests.length === 0) {
    return;
  }
  const vscode = await VSCode.start({ ...editor, profile: path.join(scratch, 'profile') });
  try {
    for (const test of tests) {
      if (!(await passes(vscode, scratch, test, run))) {
        process.exitCode = 1;
      }
    }
  } finally {
    await vscode.stop();
  }
}

/** Whether the test passed; says so, or why not. */
async function passes(vscode, scratch, test, run) {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  const { name, project, settings } = test;
  const endpoint =
    test.endpoint && (await playBack(ROOT, SETTINGS['orps.interpreter'], test.endpoint));
  console.log(name);
  try {
    await run(vscode, test, {
      folder: await project(scratch, name),
      settings: { ...SETTINGS, ...settings(endpoint, scratch) },
      screenshot: path.join(RESULTS, `${name}.png`),
      endpoint,
    });
    console.log(`  passed (${seconds()})`);
    return true;
  } catch (error) {
    console.log(`  FAILED (${seconds()}): ${error.message}\n  See ${path.join(RESULTS, name)}.*`);
    return false;
  } finally {
    endpoint?.stop();
  }
}

/** A machine that has a Python and nothing else: no server, and no index of packages. */
async function nothingButPython(scratch) {
  const bin = path.join(scratch, 'bin');
  await mkdir(bin);
  const python = await promisify(execFile)(SETTINGS['orps.interpreter'], [
    ...['-c', 'import sys; print(sys._base_executable)'],
  ]);
  const program = path.join(bin, 'python3');
  await writeProgram(program, `exec '${python.stdout.trim()}' "$@"`);
  // Port 9 discards what it is sent, where it is open at all.
  return { PATH: bin, HOME: scratch, PIP_INDEX_URL: 'http://127.0.0.1:9/' };
}

async function inScratch(use) {
  const scratch = await mkdtemp(path.join(tmpdir(), 'orps-vscode-'));
  try {
    await use(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

// An exit in order is what ends VS Code; the default for these signals is none.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(130));
}

await mkdir(RESULTS, { recursive: true });
const browser = await findBrowser();
const vsix =
  wanted(JOURNEYS, NEWEST.version).length > 0
    ? (option('vsix') ?? (await packageExtension()))
    : undefined;
for (const chosen of versions()) {
  const { version } = chosen;
  const editor = { installation: await installVSCode(CACHE, chosen), browser };
  const journeys = wanted(JOURNEYS, version);
  console.log(`VS Code ${version}`);
  await inScratch((scratch) => runAll(wanted(MODULES, version), scratch, editor, inExtensionHost));
  await inScratch((scratch) => {
    const settled = journeys.filter(({ hasNothing }) => !hasNothing);
    return runAll(settled, scratch, { ...editor, vsix }, byHand);
  });
  await inScratch(async (scratch) => {
    const environment = await nothingButPython(scratch);
    const strange = journeys.filter(({ hasNothing }) => hasNothing);
    await runAll(strange, scratch, { ...editor, vsix, environment }, byHand);
  });
}
