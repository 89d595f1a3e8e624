/**
 * Bundles the search view into one page that needs nothing else: no file, no network.
 *
 *   build-view.mjs           writes server/orps_server/assets/search_view.html
 *   build-view.mjs --check   fails when the committed page is not what would be written
 *
 * The page's policy allows exactly the one script and the one style that are in it, by
 * their hashes, so nothing that a model wrote could run even if it were to become markup.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = path.join(ROOT, 'extension/view');
export const SEARCH_VIEW = path.join(ROOT, 'server/orps_server/assets/search_view.html');

async function bundled(entryPoint) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [path.join(SOURCES, entryPoint)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'chrome122',
    // Text in a script element ends at its first `</script`, wherever that stands.
    supported: { 'inline-script': false },
    legalComments: 'none',
    charset: 'ascii',
  });
  return outputFiles[0].text.trim();
}

function policy(script, style) {
  return [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function digest(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

export async function searchView() {
  const template = await readFile(path.join(SOURCES, 'template.html'), 'utf8');
  const script = await bundled('main.tsx');
  const style = await bundled('page.css');
  const parts = { POLICY: policy(script, style), STYLE: style, SCRIPT: script };
  return template.replace(/\s*__(POLICY|STYLE|SCRIPT)__\s*/g, (_all, name) => parts[name]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = await searchView();
  if (!process.argv.includes('--check')) {
    await mkdir(path.dirname(SEARCH_VIEW), { recursive: true });
    await writeFile(SEARCH_VIEW, page);
    console.log(`${path.relative(ROOT, SEARCH_VIEW)}: ${(page.length / 1000).toFixed(0)} kB`);
  } else if (page !== (await readFile(SEARCH_VIEW, 'utf8'))) {
    console.error('The committed search view is not that of its sources: npm run build-view');
    process.exitCode = 1;
  }
}
