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

/** The VS Code that runs on this Node: 1.139 needs 24, 1.100 is content with 20. */
function codeServerVersion() {
  return Number(process.versions.node.split('.')[0]) >= 24 ? '4.139.1' : '4.100.3';
}

/**
 * Puts VS Code below `cache` unless it is there.
 *
 * @returns the folder that holds `out/server-main.js`
 */
export async function installVSCode(cache) {
  const version = codeServerVersion();
  const place = path.join(cache, `code-server-${version}`);
  if (await exists(place)) {
    return place;
  }
  await mkdir(cache, { recursive: true });
  // The folder keeps itself out of git, whatever is downloaded into it.
  await writeFile(path.join(cache, '.gitignore'), '*\n');
  console.log(`Installing VS Code (code-server ${version}) into ${cache}`);
  const scratch = await mkdtemp(path.join(cache, 'installing-'));
  await run('npm', ['pack', `code-server@${version}`, '--silent'], { cwd: scratch });
  const [tarball] = await readdir(scratch);
  await run('tar', ['xzf', tarball, '--strip-components=3', 'package/lib/vscode'], {
    cwd: scratch,
  });
  await rm(path.join(scratch, tarball));
  await run('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: scratch,
    maxBuffer: 16 * 1024 * 1024,
  });
  // Only a complete installation gets the name that later runs look for.
  await rename(scratch, place);
  return place;
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
