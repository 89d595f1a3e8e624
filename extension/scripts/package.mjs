/**
 * Builds the bundle and packs it into orps-lsp-VERSION.vsix at the top of the repository.
 */
import { stat } from 'node:fs/promises';
import { createVSIX } from '@vscode/vsce';
import manifest from '../../package.json' with { type: 'json' };
import './build.mjs';

const packagePath = `${manifest.name}-${manifest.version}.vsix`;
await createVSIX({
  cwd: process.cwd(),
  packagePath,
  // Everything that runs is in the bundle.
  dependencies: false,
  allowMissingRepository: true,
  // Without a published repository there is nothing they could point to.
  rewriteRelativeLinks: false,
});
const { size } = await stat(packagePath);
console.log(`${packagePath}: ${(size / 1000).toFixed(0)} kB`);
