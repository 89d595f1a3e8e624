/**
 * Takes the pictures of docs/editors/vscode.md again: journeys in the real VS Code.
 */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const JOURNEYS = [
  'solvesTheSampleOffline',
  'solvesWithAModel',
  'asksBeforeSending',
  'offersWhatIsBetter',
  'completesAOneLineStub',
  'followsSearchesInTheTree',
  'beginsWithNothing',
];
const PICTURES = [
  'walkthrough',
  'environment',
  'offline-diff',
  'model-diff',
  'search-view',
  'consent',
  'better',
  'ghost-text',
  'tree',
];

const run = path.join(ROOT, 'extension/test/vscode/run.mjs');
execFileSync(process.execPath, [run, '--vscode=1.139', ...JOURNEYS], { stdio: 'inherit' });
const images = path.join(ROOT, 'docs/images');
await mkdir(images, { recursive: true });
for (const picture of PICTURES) {
  const file = `${picture}.png`;
  await copyFile(
    path.join(ROOT, '.vscode-test/results', file),
    path.join(images, `vscode-${file}`),
  );
}
