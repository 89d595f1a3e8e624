/**
 * The project that the tests open: stubs, and tests for some of them.
 */
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const SAMPLE = fileURLToPath(new URL('../../sample', import.meta.url));

const FILES = {
  'statistics_kit.py': `\
def median(values: list[float]) -> float:
    """Return the middle of the sorted values, the mean of both middles if even."""
    raise NotImplementedError


def double(number: int) -> int:
    """Return twice the number."""
    ...


def riddle(text: str) -> str:
    """Return what no small program returns, so that the search goes on."""
    ...


def lonely(text: str) -> str:
    """Return what nobody has written down."""
    ...
`,
  'test_statistics_kit.py': `\
from statistics_kit import double, median, riddle


def test_double():
    assert double(2) == 4
    assert double(-3) == -6
    assert double(0) == 0


def test_median():
    assert median([3, 1, 2]) == 2


def test_riddle():
    assert riddle("sphinx") == "8c1f8b9e"
    assert riddle("oracle") == "02d4a7c3"
    assert riddle("pythia") == "e77b105f"
`,
  'notes.txt': 'Not Python.\n',
};

/** Writes the project into a new folder of that name. */
export async function createProject(parent, name) {
  const folder = path.join(parent, name);
  await mkdir(folder);
  for (const [file, text] of Object.entries(FILES)) {
    await writeFile(path.join(folder, file), text);
  }
  return folder;
}

/** The sample that the extension carries. */
export async function copySample(parent, name) {
  const folder = path.join(parent, name);
  await cp(SAMPLE, folder, { recursive: true });
  return folder;
}

/** Writes two projects, and a workspace of both; the functions have the same names. */
export async function createWorkspace(parent, name) {
  const folder = path.join(parent, name);
  await mkdir(folder);
  const roots = ['one', 'two'];
  for (const root of roots) {
    await createProject(folder, root);
  }
  const file = path.join(folder, 'both.code-workspace');
  await writeFile(file, JSON.stringify({ folders: roots.map((root) => ({ path: root })) }));
  return file;
}

/** Writes a shell script that can be run. */
export async function writeProgram(file, script) {
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}
