/**
 * A real VS Code and a browser for it, without a compiler and without a display.
 *
 * The npm package `code-server` carries the web server of VS Code itself, which is all
 * that is used of it: its own wrapper needs native modules and does not pass the test
 * driver's switch on.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

/** The versions of VS Code that are tried, with the Node that each of them runs on. */
export const VERSIONS = [
  { version: '1.139', codeServer: '4.139.1', node: 24 },
  { version: '1.100', codeServer: '4.100.3', node: 20 },
];

/**
 * Puts one of them, and a Node that is new enough for it, below `cache` unless they are there.
 *
 * @returns the folder that holds `out/server-main.js`, and the program that runs it
 */
export async function installVSCode(cache, { version, codeServer, node }) {
  await mkdir(cache, { recursive: true });
  // The folder keeps itself out of git, whatever is downloaded into it.
  await writeFile(path.join(cache, '.gitignore'), '*\n');
  const program = await installNode(cache, node);
  const folder = path.join(cache, `code-server-${codeServer}`);
  await once(folder, `VS Code ${version}`, async (scratch) => {
    await run('npm', ['pack', `code-server@${codeServer}`, '--silent'], { cwd: scratch });
    const [tarball] = await readdir(scratch);
    await run('tar', ['xzf', tarball, '--strip-components=3', 'package/lib/vscode'], {
      cwd: scratch,
    });
    await rm(path.join(scratch, tarball));
    await npmInstall(scratch, ['--omit=dev'], program);
  });
  return { folder, node: program };
}

/** This Node where it is new enough, else one from npm. */
async function installNode(cache, major) {
  if (Number(process.versions.node.split('.')[0]) >= major) {
    return process.execPath;
  }
  const folder = path.join(cache, `node-${major}`);
  const name = `node-${process.platform}-${process.arch}`;
  await once(folder, `Node ${major}`, (scratch) =>
    npmInstall(scratch, ['--no-save', `${name}@${major}`], process.execPath),
  );
  return path.join(folder, 'node_modules', name, 'bin', 'node');
}

function npmInstall(cwd, args, node) {
  // Told where to, since npm would look for a package above a folder that holds none.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', cwd];
  const PATH = [path.dirname(node), process.env.PATH].join(path.delimiter);
  return run('npm', ['install', ...quiet, ...args], {
    cwd,
    env: { ...process.env, PATH },
    maxBuffer: 16 * 1024 * 1024,
  });
}

/** Has `make` fill a folder, which gets its name only when it is complete. */
async function once(folder, title, make) {
  if (await exists(folder)) {
    return;
  }
  console.log(`Installing ${title} into ${path.dirname(folder)}`);
  const scratch = await mkdtemp(path.join(path.dirname(folder), 'installing-'));
  await make(scratch);
  await rename(scratch, folder);
}

/** The browser's program; throws with what to install. */
export async function findBrowser() {
  for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const name of BROWSERS) {
      const program = path.join(directory, name);
      if (await exists(program)) {
        return program;
      }
    }
  }
  throw new Error('No Chromium on PATH; on Debian or Ubuntu: sudo apt-get install chromium');
}

async function exists(file) {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
