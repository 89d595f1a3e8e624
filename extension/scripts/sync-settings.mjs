/**
 * Copies the server's settings schema into package.json and package.nls.json, so that every setting is
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
const STRINGS = new URL('../../package.nls.json', import.meta.url);
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

/** Descriptions are strings for people, so they stand with the others to be translated. */
function withKeys(settings, strings) {
  const entries = Object.entries(settings).map(([name, schema]) => {
    const key = `${name}.description`;
    strings[key] = schema.markdownDescription;
    return [name, { ...schema, markdownDescription: `%${key}%` }];
  });
  return Object.fromEntries(entries);
}

const files = [MANIFEST, STRINGS];
const before = await Promise.all(files.map((file) => readFile(file, 'utf8')));
const [manifest, present] = before.map((text) => JSON.parse(text));
const known = Object.keys(manifest.contributes.configuration.properties);
const strings = Object.fromEntries(
  Object.entries(present).filter(([key]) => !known.includes(key.replace(/\.description$/, ''))),
);
manifest.contributes.configuration.properties = withKeys(
  { ...serverSettings(), ...OWN_SETTINGS },
  strings,
);
const after = [manifest, strings].map((value) => `${JSON.stringify(value, null, 2)}\n`);

for (const [index, file] of files.entries()) {
  if (!process.argv.includes('--check')) {
    await writeFile(file, after[index]);
  } else if (canonical(before[index]) !== canonical(after[index])) {
    console.error('The settings in package.json are not those of the server: make docs');
    process.exitCode = 1;
  }
}

/** Layout belongs to prettier; only the content counts here. */
function canonical(text) {
  return JSON.stringify(JSON.parse(text));
}
