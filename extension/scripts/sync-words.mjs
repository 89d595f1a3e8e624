/**
 * Collects the strings that the extension shows into extension/l10n/bundle.l10n.json, the
 * base that translations start from.
 *
 *   sync-words.mjs           writes the bundle
 *   sync-words.mjs --check   fails when it would change
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getL10nJson } from '@vscode/l10n-dev';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));
const BUNDLE = fileURLToPath(new URL('../l10n/bundle.l10n.json', import.meta.url));

const files = (await readdir(SOURCES, { recursive: true })).filter((file) => file.endsWith('.ts'));
const found = await getL10nJson(
  await Promise.all(
    files.map(async (file) => ({
      extension: '.ts',
      contents: await readFile(path.join(SOURCES, file), 'utf8'),
    })),
  ),
);
const sorted = Object.fromEntries(
  Object.entries(found).sort(([one], [other]) => (one < other ? -1 : 1)),
);
const wanted = `${JSON.stringify(sorted, null, 2)}\n`;

if (!process.argv.includes('--check')) {
  await mkdir(path.dirname(BUNDLE), { recursive: true });
  await writeFile(BUNDLE, wanted);
  console.log(`${path.relative(process.cwd(), BUNDLE)}: ${Object.keys(sorted).length} strings`);
} else if (wanted !== (await readFile(BUNDLE, 'utf8').catch(() => ''))) {
  console.error('The strings of the extension are not those of its bundle: npm run sync-words');
  process.exitCode = 1;
}
