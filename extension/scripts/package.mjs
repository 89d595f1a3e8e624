/**
 * Packs the extension into orps-lsp-VERSION.vsix at the top of the repository, with the
 * wheel of the server that belongs to it; prints what is in it and how large it is.
 *
 * The wheel is what makes a package of today's sources complete: no index has a server of
 * the same version. Only what the server itself depends on comes from there.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createVSIX, listFiles } from '@vscode/vsce';

import manifest from '../../package.json' with { type: 'json' };
import './build.mjs';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DIST = path.join(ROOT, 'dist');

/** @returns the file */
export async function packageExtension() {
  await buildWheel();
  const packagePath = path.join(ROOT, `${manifest.name}-${manifest.version}.vsix`);
  await createVSIX({
    cwd: ROOT,
    packagePath,
    // Everything that runs is in the bundle.
    dependencies: false,
    allowMissingRepository: true,
    // Without a published repository there is nothing they could point to.
    rewriteRelativeLinks: false,
  });
  return packagePath;
}

async function buildWheel() {
  await mkdir(DIST, { recursive: true });
  for (const file of await readdir(DIST)) {
    if (file.endsWith('.whl')) {
      await rm(path.join(DIST, file));
    }
  }
  const python = path.join(ROOT, '.venv', 'bin', 'python');
  const args = ['-m', 'pip', 'wheel', '--quiet', '--disable-pip-version-check', '--no-deps'];
  await run(python, [...args, '--wheel-dir', DIST, ROOT]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = await packageExtension();
  for (const name of await listFiles({ cwd: ROOT, packageManager: 0 })) {
    console.log(`  ${name}`);
  }
  console.log(`${path.basename(file)}: ${((await stat(file)).size / 1000).toFixed(0)} kB`);
}
