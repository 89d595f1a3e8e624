/**
 * Tests in the real VS Code, with the real server: modules that run inside the extension
 * host, and gestures in the user interface.
 *
 *   run.mjs [NAME...]    all of them, or those
 *
 * Everything that is downloaded or written lies in .vscode-test at the top of the
 * repository. ORPS_SERVER and ORPS_PYTHON name another server and another interpreter
 * than those of the developer's environment.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

import '../../scripts/build.mjs';
import * as gestures from './gestures.mjs';
import { findBrowser, installVSCode } from './install.mjs';
import { createProject } from './project.mjs';
import { VSCode } from './session.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const CACHE = path.join(ROOT, '.vscode-test');
const RESULTS = path.join(CACHE, 'results');
const MODULE_TIMEOUT_MS = 240_000;

const SETTINGS = {
  'orps.server.path': [process.env.ORPS_SERVER ?? path.join(ROOT, '.venv/bin/orps-lsp')],
  'orps.interpreter': process.env.ORPS_PYTHON ?? path.join(ROOT, '.venv/bin/python'),
  'security.workspace.trust.enabled': false,
};

/** Each has a page and a project of its own, and the settings that make its circumstances. */
const TESTS = [
  {
    name: 'untrusted',
    run: inExtensionHost,
    settings: { 'security.workspace.trust.enabled': true },
  },
  { name: 'trusted', run: inExtensionHost },
  { name: 'solvesFromTheLens', run: byHand },
  { name: 'acceptsFromTheInlineDiff', run: byHand },
  { name: 'saysThatTestsAreMissing', run: byHand },
  {
    name: 'saysThatTheServerIsMissing',
    run: byHand,
    settings: { 'orps.server.path': ['/nowhere/orps-lsp'] },
  },
];

/** Runs the module `NAME.ts` inside the extension host; throws when it fails. */
async function inExtensionHost(vscode, name, circumstances) {
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
    await vscode.runModule({ ...circumstances, module, timeoutMs: MODULE_TIMEOUT_MS, tell });
  } finally {
    log.end();
  }
}

async function byHand(vscode, name, circumstances) {
  await vscode.open(circumstances, gestures[name]);
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

/** Whether the test passed; says so, or why not. */
async function passes(vscode, scratch, { name, run, settings }) {
  console.log(name);
  try {
    await run(vscode, name, {
      folder: await createProject(scratch, name),
      extension: ROOT,
      settings: { ...SETTINGS, ...settings },
      screenshot: path.join(RESULTS, `${name}.png`),
    });
    console.log('  passed');
    return true;
  } catch (error) {
    console.log(`  FAILED: ${error.message}\n  See ${path.join(RESULTS, name)}.*`);
    return false;
  }
}

// An exit in order is what ends VS Code; the default for these signals is none.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(130));
}

const scratch = await mkdtemp(path.join(tmpdir(), 'orps-vscode-'));
try {
  const installation = await installVSCode(CACHE);
  await mkdir(RESULTS, { recursive: true });
  const profile = path.join(scratch, 'profile');
  const vscode = await VSCode.start({ installation, browser: await findBrowser(), profile });
  try {
    const names = process.argv.slice(2);
    for (const test of TESTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      if (!(await passes(vscode, scratch, test))) {
        process.exitCode = 1;
      }
    }
  } finally {
    await vscode.stop();
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
