/**
 * Runs the test modules of this folder in the real VS Code, with the real server.
 *
 * Everything that is downloaded or written lies in .vscode-test at the top of the
 * repository. ORPS_SERVER and ORPS_PYTHON name another server and another interpreter
 * than those of the developer's environment.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

import '../../scripts/build.mjs';
import { findBrowser, installVSCode } from './install.mjs';
import { VSCode } from './session.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const CACHE = path.join(ROOT, '.vscode-test');
const PAGE_TIMEOUT_MS = 240_000;

const PROJECT = {
  'statistics_kit.py': `\
def median(values: list[float]) -> float:
    """Return the middle of the sorted values, the mean of both middles if even."""
    raise NotImplementedError


def double(number: int) -> int:
    """Return twice the number."""
    ...


def riddle(text: str) -> str:
    """Return what no small program returns, so that the search goes on."""
    ...
`,
  'test_statistics_kit.py': `\
from statistics_kit import double, median, riddle


def test_double():
    assert double(2) == 4
    assert double(-3) == -6
    assert double(0) == 0


def test_median():
    assert median([3, 1, 2]) == 2


def test_riddle():
    assert riddle("sphinx") == "8c1f8b9e"
    assert riddle("oracle") == "02d4a7c3"
    assert riddle("pythia") == "e77b105f"
`,
  'notes.txt': 'Not Python.\n',
};

const SETTINGS = {
  'orps.server.path': [process.env.ORPS_SERVER ?? path.join(ROOT, '.venv/bin/orps-lsp')],
  'orps.interpreter': process.env.ORPS_PYTHON ?? path.join(ROOT, '.venv/bin/python'),
};

/** A test module, and the settings that make its circumstances. */
const PAGES = [
  { name: 'untrusted', settings: { 'security.workspace.trust.enabled': true } },
  { name: 'trusted', settings: { 'security.workspace.trust.enabled': false } },
];

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

async function project(parent) {
  const folder = path.join(parent, 'project');
  await mkdir(folder);
  for (const [name, text] of Object.entries(PROJECT)) {
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** Runs one test module in a page of its own; whether it passed. */
async function passes(vscode, folder, { name, settings }) {
  console.log(`${name}:`);
  const log = createWriteStream(path.join(CACHE, 'results', `${name}.log`));
  try {
    const status = await vscode.test({
      folder,
      extension: ROOT,
      module: await bundled(name),
      settings: { ...SETTINGS, ...settings },
      timeoutMs: PAGE_TIMEOUT_MS,
      screenshot: path.join(CACHE, 'results', `${name}.png`),
      tell: (line) => {
        log.write(`${line}\n`);
        const check = /\[check\] (.*)/s.exec(line);
        if (check !== null) {
          console.log(`  ${check[1]}`);
        }
      },
    });
    if (status !== 0) {
      console.log(`  ${status}: see ${path.join(CACHE, 'results', name)}.{log,png}`);
    }
    return status === 0;
  } finally {
    log.end();
  }
}

const scratch = await mkdtemp(path.join(tmpdir(), 'orps-vscode-'));
try {
  const installation = await installVSCode(CACHE);
  await mkdir(path.join(CACHE, 'results'), { recursive: true });
  const vscode = await VSCode.start({
    installation,
    browser: await findBrowser(),
    profile: path.join(scratch, 'profile'),
  });
  try {
    const folder = await project(scratch);
    for (const page of PAGES) {
      if (!(await passes(vscode, folder, page))) {
        process.exitCode = 1;
      }
    }
  } finally {
    await vscode.stop();
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
