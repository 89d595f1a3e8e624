/**
 * Bundles the extension into dist/ and prints the sizes: what wakes up, and the client
 * library, ten times as large, which is only read once there is a server to talk to.
 *
 *   build.mjs [--watch]
 */
import { copyFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

import { SEARCH_VIEW } from './build-view.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MODULES = ['extension', 'languageClient'];
const BUDGET_BYTES = 1.5e6;

const options = {
  absWorkingDir: ROOT,
  entryPoints: MODULES.map((name) => `extension/src/${name}.ts`),
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  // What the oldest VS Code that we support runs on.
  target: 'node20',
  format: 'cjs',
  // The editor lends `vscode` to what is required, so late modules are required, too.
  supported: { 'dynamic-import': false },
  external: ['vscode', './languageClient'],
  minify: true,
  legalComments: 'none',
};

if (process.argv.includes('--watch')) {
  await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  await build(options);
  await copyFile(SEARCH_VIEW, new URL('../../dist/search_view.html', import.meta.url));
  let total = 0;
  for (const output of MODULES.map((name) => `dist/${name}.js`)) {
    const { size } = await stat(new URL(`../../${output}`, import.meta.url));
    console.log(`${output}: ${(size / 1000).toFixed(0)} kB`);
    total += size;
  }
  if (total > BUDGET_BYTES) {
    throw new Error(`The bundles may have ${BUDGET_BYTES / 1000} kB.`);
  }
}
