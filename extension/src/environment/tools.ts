/**
 * What on this machine can make an environment.
 */
import { execFile } from 'node:child_process';
import * as l10n from '@vscode/l10n';
import * as path from 'node:path';

import type { Surroundings } from '../serverPath';
import { whatVenvNeeds } from './faults';
import { isRecent, PROBE, PYTHON_NAMES, type Tool } from './recipe';

const PROBE_TIMEOUT_MS = 20_000;

/**
 * uv where it is, since it brings a Python if need be; else a Python that is recent and
 * can make environments, of the version `wanted` if there is one. Throws what is missing.
 */
export async function findTool(surroundings: Surroundings, wanted?: string): Promise<Tool> {
  const [uv] = await programs(surroundings, ['uv']);
  if (uv !== undefined) {
    return { kind: 'uv', program: uv };
  }
  const recent: { program: string; version: string }[] = [];
  for (const program of await programs(surroundings, PYTHON_NAMES)) {
    const version = (await outputOf(program, PROBE.version))?.trim() ?? '';
    if (isRecent(version)) {
      recent.push({ program, version });
    }
  }
  if (recent.length === 0) {
    throw new Error(
      l10n.t('Neither uv nor Python 3.11 or newer is on PATH; install one of them and try again.'),
    );
  }
  recent.sort((one, other) => Number(other.version === wanted) - Number(one.version === wanted));
  for (const { program } of recent) {
    if ((await outputOf(program, PROBE.venv)) !== undefined) {
      return { kind: 'python', program };
    }
  }
  throw new Error(whatVenvNeeds());
}

/** Those names on PATH, the first name first. */
async function programs(surroundings: Surroundings, names: readonly string[]): Promise<string[]> {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const found: string[] = [];
  for (const name of names) {
    for (const directory of surroundings.directories) {
      const program = path.join(directory, name + ending);
      if (await surroundings.isExecutable(program)) {
        found.push(program);
      }
    }
  }
  return found;
}

/** What the program prints; `undefined` when it fails. */
function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: PROBE_TIMEOUT_MS, windowsHide: true };
    execFile(program, args, options, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
}
