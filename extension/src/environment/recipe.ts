/**
 * How a private environment for the server is made, as a list of commands; no editor.
 *
 * The server's Python is never the project's: what it needs would get in the way of what
 * the project needs, and the other way round.
 */
import * as l10n from '@vscode/l10n';
import * as path from 'node:path';

/** What can make an environment on this machine. */
export type Tool =
  | { readonly kind: 'uv'; readonly program: string }
  | { readonly kind: 'python'; readonly program: string };

/** What is installed, and where it comes from. */
export interface Source {
  /** The file of a wheel, or a pinned requirement. */
  readonly server: string;
  /** A folder of wheels of all that the server depends on; tried before any index. */
  readonly wheels: string | undefined;
  /** The version of Python that those wheels are for, such as "3.11". */
  readonly python: string | undefined;
}

/** Beside the server, so that the sample's tests run on a machine that has nothing. */
const FOR_THE_SAMPLE = 'pytest>=8';

export interface Step {
  readonly title: string;
  readonly program: string;
  /** Ways to do it, each tried when those before it have failed. */
  readonly attempts: readonly (readonly string[])[];
}

/** Where the programs of an environment are. */
export function programsOf(environment: string, platform = process.platform) {
  const folder = path.join(environment, platform === 'win32' ? 'Scripts' : 'bin');
  return { python: path.join(folder, platform === 'win32' ? 'python.exe' : 'python') };
}

export function recipe(tool: Tool, environment: string, source: Source): readonly Step[] {
  const { python } = programsOf(environment);
  const { program } = tool;
  const attempts = (install: readonly string[]) =>
    sourcesOf(source).map((from) => [...install, ...from, source.server, FOR_THE_SAMPLE]);
  switch (tool.kind) {
    case 'uv':
      return [
        {
          title: l10n.t('uv makes an environment'),
          program,
          attempts: pythonsFor(source).map((wanted) => [
            ...['venv', '--quiet', '--no-project', '--python', wanted],
            environment,
          ]),
        },
        {
          title: l10n.t('uv installs orps-lsp'),
          program,
          attempts: attempts(['pip', 'install', '--quiet', '--python', python]),
        },
      ];
    case 'python':
      return [
        {
          title: l10n.t('Python makes an environment'),
          program,
          attempts: [['-I', '-m', 'venv', environment]],
        },
        {
          title: l10n.t('pip installs orps-lsp'),
          program: python,
          attempts: attempts([
            ...['-I', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
            '--no-input',
          ]),
        },
      ];
  }
}

/** The wheels that were brought along, then those and an index. */
function sourcesOf({ wheels }: Source): readonly (readonly string[])[] {
  return wheels === undefined
    ? [[]]
    : [
        ['--no-index', '--find-links', wheels],
        ['--find-links', wheels],
      ];
}

/** uv brings the one that the wheels are for, or else any that is recent. */
function pythonsFor({ python }: Source): readonly string[] {
  const any = `>=${OLDEST_PYTHON.join('.')}`;
  return python === undefined ? [any] : [python, any];
}

/** The oldest Python that runs the server; see pyproject.toml. */
const OLDEST_PYTHON = [3, 11] as const;

/**
 * Prints the version as two numbers, and fails without the modules that environments are
 * made of; `-I` keeps the opened folder out of it.
 */
export const PROBE = {
  version: ['-I', '-c', 'import sys; print(*sys.version_info[:2], sep=".")'],
  venv: ['-I', '-c', 'import ensurepip, venv'],
} as const;

export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.trim().split('.').map(Number);
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

/** Names under which a Python that is recent enough may be on PATH, the newest first. */
export const PYTHON_NAMES = [
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3',
  'python',
];

/** The Python that wheels are for, by their names: "…-cp311-cp311-…" says "3.11". */
export function pythonOf(wheels: readonly string[]): string | undefined {
  const [, major, minor] =
    wheels.map((name) => /-cp(\d)(\d+)-cp\1\2-/.exec(name)).find(Boolean) ?? [];
  return minor === undefined ? undefined : `${major}.${minor}`;
}
