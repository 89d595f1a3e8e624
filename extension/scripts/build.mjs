/**
 * Bundles the extension into dist/extension.js and prints the size.
 *
 *   build.mjs [--watch]
 */
import { copyFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

import { SEARCH_VIEW } from './build-view.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUTPUT = 'dist/extension.js';
const BUDGET_BYTES = 1.5e6;

const options = {
  absWorkingDir: ROOT,
  entryPoints: ['extension/src/extension.ts'],
  outfile: OUTPUT,
  bundle: true,
  platform: 'node',
  // What the oldest VS Code that we support runs on.
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  minify: true,
  legalComments: 'none',
};

if (process.argv.includes('--watch')) {
  await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  await build(options);
  await copyFile(SEARCH_VIEW, new URL('../../dist/search_view.html', import.meta.url));
  const { size } = await stat(new URL(`../../${OUTPUT}`, import.meta.url));
  console.log(`${OUTPUT}: ${(size / 1000).toFixed(0)} kB`);
  if (size > BUDGET_BYTES) {
    throw new Error(`The bundle may have ${BUDGET_BYTES / 1000} kB.`);
  }
}
