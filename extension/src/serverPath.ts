/**
 * Which `orps-lsp` to start: the setting, else the first one on PATH of our major
 * version, else the one in the extension's own environment. What the machine looks like
 * comes in as `Surroundings`, so that every decision here runs without an editor.
 */
import * as l10n from '@vscode/l10n';
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';

export interface ServerCommand {
  readonly kind: 'command';
  readonly command: string;
  readonly args: readonly string[];
}

/** Why there is no server, and what the person can do about it. */
export interface ServerFault {
  readonly kind: 'fault';
  readonly message: string;
  readonly remedy: string;
  /** A private environment would do; `orps.server.path` does not stand in its way. */
  readonly canCreate: boolean;
}

export interface Surroundings {
  /** Directories in the order in which they are searched. */
  readonly directories: readonly string[];
  readonly home: string;
  isExecutable(file: string): Promise<boolean>;
  /** The extension's own environment, if it is complete. */
  privateServer?(): Promise<ServerCommand | undefined>;
  /** What `file --version` prints, `undefined` when that fails. */
  versionOf(file: string): Promise<string | undefined>;
}

const SERVER_NAMES = process.platform === 'win32' ? ['orps-lsp.exe'] : ['orps-lsp'];
const VERSION_TIMEOUT_MS = 20_000;

/**
 * @param configured the setting `orps.server.path`: a program and its arguments
 * @param version our own version, whose major number a server on PATH must share
 */
export async function findServer(
  configured: readonly string[],
  version: string,
  surroundings: Surroundings,
): Promise<ServerCommand | ServerFault> {
  const [program, ...args] = configured;
  return program === undefined
    ? findOnPath(version, surroundings)
    : findConfigured(program, args, surroundings);
}

async function findConfigured(
  program: string,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<ServerCommand | ServerFault> {
  const wanted = program.replace(/^~(?=[\\/])/, surroundings.home);
  const places = path.isAbsolute(wanted)
    ? [wanted]
    : isBareName(wanted)
      ? surroundings.directories.map((directory) => path.join(directory, wanted))
      : [];
  for (const place of places) {
    if (await surroundings.isExecutable(place)) {
      return { kind: 'command', command: place, args };
    }
  }
  return {
    kind: 'fault',
    message: l10n.t(
      'The setting orps.server.path names {0}, which is not an executable file.',
      program,
    ),
    remedy: l10n.t('Give an absolute path, or clear the setting to search PATH.'),
    canCreate: false,
  };
}

async function findOnPath(
  version: string,
  surroundings: Surroundings,
): Promise<ServerCommand | ServerFault> {
  const wanted = majorOf(version);
  const rejected: string[] = [];
  for (const directory of surroundings.directories) {
    for (const name of SERVER_NAMES) {
      const command = path.join(directory, name);
      if (!(await surroundings.isExecutable(command))) {
        continue;
      }
      const found = await surroundings.versionOf(command);
      if (found !== undefined && majorOf(found) === wanted) {
        return { kind: 'command', command, args: [] };
      }
      rejected.push(`${command} (${found ?? l10n.t('does not tell its version')})`);
    }
  }
  const own = await surroundings.privateServer?.();
  if (own !== undefined) {
    return own;
  }
  return noServer(wanted ?? '', rejected);
}

function noServer(wanted: string, rejected: readonly string[]): ServerFault {
  return {
    kind: 'fault',
    canCreate: true,
    message:
      rejected.length === 0
        ? l10n.t('There is no orps-lsp on PATH.')
        : l10n.t('This extension needs orps-lsp {0}.x; found {1}.', wanted, rejected.join(', ')),
    remedy: l10n.t(
      'Run "ORPS: Create Server Environment", or install it with `{0}` or `{1}`, or set orps.server.path.',
      `uv tool install "orps-lsp==${wanted}.*"`,
      `pipx install "orps-lsp==${wanted}.*"`,
    ),
  };
}

/** The leading number of the first version in `text`: "orps-lsp 1.4.0" gives "1". */
export function majorOf(text: string): string | undefined {
  return /(\d+)\.\d+/.exec(text)?.[1];
}

function isBareName(program: string): boolean {
  return path.basename(program) === program;
}

/** This machine, as the editor's own process sees it. */
export function thisMachine(environment: NodeJS.ProcessEnv): Surroundings {
  const home = homedir();
  const directories = (environment['PATH'] ?? '').split(path.delimiter);
  // An editor started from the desktop does not read the shell's profile, which is
  // where uv and pipx add this directory.
  directories.push(path.join(home, '.local', 'bin'));
  return {
    // A relative entry would let the opened folder supply the program.
    directories: directories.filter((directory) => path.isAbsolute(directory)),
    home,
    isExecutable,
    versionOf,
  };
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function versionOf(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      file,
      ['--version'],
      { timeout: VERSION_TIMEOUT_MS, windowsHide: true },
      (error, stdout) => {
        resolve(error === null ? stdout.trim() : undefined);
      },
    );
  });
}
