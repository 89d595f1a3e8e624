/**
 * Tests in the real VS Code, with the real server: modules that run inside the extension
 * host, and journeys through the user interface with the package installed from its file.
 *
 *   run.mjs [--sources] [NAME...]    all of them, or those
 *
 * With --sources the journeys run without the package, which saves building it. Everything
 * that is downloaded or written lies in .vscode-test at the top of the repository, also
 * the pictures of each journey. ORPS_SERVER and ORPS_PYTHON name another server and
 * another interpreter than those of the developer's environment.
 */
import { createWriteStream } from 'node:fs';
import { cp, mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

import '../../scripts/build.mjs';
import { packageExtension } from '../../scripts/package.mjs';
import { playBack } from './endpoint.mjs';
import { findBrowser, installVSCode } from './install.mjs';
import * as journeys from './journeys.mjs';
import { createProject, createWorkspace } from './project.mjs';
import { VSCode } from './session.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const CACHE = path.join(ROOT, '.vscode-test');
const RESULTS = path.join(CACHE, 'results');
const MODULE_TIMEOUT_MS = 240_000;
const VISIBLE_TIMEOUT_MS = 60_000;

const SETTINGS = {
  'orps.server.path': [process.env.ORPS_SERVER ?? path.join(ROOT, '.venv/bin/orps-lsp')],
  'orps.interpreter': process.env.ORPS_PYTHON ?? path.join(ROOT, '.venv/bin/python'),
  'security.workspace.trust.enabled': false,
};

/** Small enough to see all of it. */
const SMALL_SEARCH = {
  'orps.search.policy': 'orps-code',
  'orps.search.samples': 2,
  'orps.search.beam': 1,
  'orps.search.rounds': 1,
};

/** Each has a page and a project of its own, and the settings that make its circumstances. */
const TESTS = [
  {
    name: 'untrusted',
    run: inExtensionHost,
    settings: { 'security.workspace.trust.enabled': true },
  },
  { name: 'activation', run: inExtensionHost },
  { name: 'trusted', run: inExtensionHost },
  { name: 'multiRoot', run: inExtensionHost, project: createWorkspace },
  { name: 'solvesFromTheLens', run: byHand },
  { name: 'solvesTheSampleOffline', run: byHand, project: copySample },
  { name: 'solvesWithAModel', run: byHand, project: copySample, settings: SMALL_SEARCH },
  {
    name: 'asksBeforeSending',
    run: byHand,
    project: copySample,
    settings: { 'orps.llm.baseUrl': 'http://model.invalid/v1', 'orps.llm.model': 'any' },
  },
  { name: 'stopsFromTheNotification', run: byHand },
  { name: 'refusesWhatIsStale', run: byHand },
  { name: 'saysThatTestsAreMissing', run: byHand },
  {
    name: 'saysThatTheServerIsMissing',
    run: byHand,
    settings: { 'orps.server.path': ['/nowhere/orps-lsp'] },
  },
  { name: 'walksThrough', run: byHand },
];

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const fromSources = process.argv.includes('--sources');

async function copySample(parent, name) {
  const folder = path.join(parent, name);
  await cp(path.join(ROOT, 'extension/sample'), folder, { recursive: true });
  return folder;
}

/** Runs the module `NAME.ts` inside the extension host; throws when it fails. */
async function inExtensionHost({ vscode, name, circumstances }) {
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
    const extension = ROOT;
    const given = { ...circumstances, extension, module, timeoutMs: MODULE_TIMEOUT_MS, tell };
    await vscode.runModule(given);
  } finally {
    log.end();
  }
}

async function byHand({ vscode, name, circumstances, endpoint }) {
  const extension = fromSources ? ROOT : undefined;
  await vscode.open({ ...circumstances, extension }, async (page) => {
    page.setDefaultTimeout(VISIBLE_TIMEOUT_MS);
    const shot = (title) => page.screenshot({ path: path.join(RESULTS, `${title}.png`) });
    await journeys[name]({ page, folder: circumstances.folder, shot, endpoint });
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

/** Whether the test passed; says so, or why not. */
async function passes(vscode, scratch, endpoint, { name, run, settings, project }) {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  console.log(name);
  try {
    const circumstances = {
      folder: await (project ?? createProject)(scratch, name),
      settings: { ...SETTINGS, ...settings },
      screenshot: path.join(RESULTS, `${name}.png`),
    };
    await run({ vscode, name, circumstances, endpoint });
    console.log(`  passed (${seconds()})`);
    return true;
  } catch (error) {
    console.log(`  FAILED (${seconds()}): ${error.message}\n  See ${path.join(RESULTS, name)}.*`);
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
  const vscode = await VSCode.start({
    installation,
    browser: await findBrowser(),
    profile: path.join(scratch, 'profile'),
    vsix: fromSources ? undefined : await packageExtension(),
  });
  const endpoint = await playBack(ROOT, SETTINGS['orps.interpreter']);
  try {
    for (const test of TESTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
      if (!(await passes(vscode, scratch, endpoint, test))) {
        process.exitCode = 1;
      }
    }
  } finally {
    endpoint.stop();
    await vscode.stop();
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
