/**
 * Copies the server's settings schema into package.json, so that every setting is
 * described once, in server/orps_server/settings.py.
 *
 *   sync-settings.mjs           writes package.json
 *   sync-settings.mjs --check   fails when package.json would change
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const MANIFEST = new URL('../../package.json', import.meta.url);
const DEVELOPERS_SERVER = fileURLToPath(new URL('../../.venv/bin/orps-lsp', import.meta.url));

/** What only the extension reads; the server ignores it. */
const OWN_SETTINGS = {
  'orps.inlineDiff.openAutomatically': {
    type: 'boolean',
    default: true,
    scope: 'window',
    markdownDescription:
      'Show the best candidate as an inline diff once it passes all tests, or when the search ends.',
  },
  'orps.server.path': {
    type: 'array',
    items: { type: 'string' },
    default: [],
    scope: 'machine',
    markdownDescription:
      'Program that starts the server, and its arguments. Empty: the `orps-lsp` on PATH.',
  },
};

function serverSettings() {
  const server = existsSync(DEVELOPERS_SERVER) ? DEVELOPERS_SERVER : 'orps-lsp';
  return JSON.parse(execFileSync(server, ['schema'], { encoding: 'utf8' })).properties;
}

const before = await readFile(MANIFEST, 'utf8');
const manifest = JSON.parse(before);
manifest.contributes.configuration.properties = { ...serverSettings(), ...OWN_SETTINGS };
const after = `${JSON.stringify(manifest, null, 2)}\n`;

if (!process.argv.includes('--check')) {
  await writeFile(MANIFEST, after);
} else if (canonical(before) !== canonical(after)) {
  console.error('The settings in package.json are not those of the server: npm run sync-settings');
  process.exitCode = 1;
}

/** Layout belongs to prettier; only the content counts here. */
function canonical(text) {
  return JSON.stringify(JSON.parse(text));
}
