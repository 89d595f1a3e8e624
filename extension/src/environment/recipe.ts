/**
 * How a private environment for the server is made, as a list of commands; no editor.
 *
 * The server's Python is never the project's: what it needs would get in the way of what
 * the project needs, and the other way round.
 */
import * as path from 'node:path';

/** The oldest Python that runs the server; see pyproject.toml. */
const OLDEST_PYTHON = [3, 11] as const;

/** What can make an environment on this machine. */
export type Tool =
  | { readonly kind: 'uv'; readonly program: string }
  | { readonly kind: 'python'; readonly program: string };

/** Beside the server, so that the sample's tests run on a machine that has nothing. */
const FOR_THE_SAMPLE = 'pytest>=8';

export interface Step {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** Where the programs of an environment are. */
export function programsOf(environment: string, platform = process.platform) {
  const folder = path.join(environment, platform === 'win32' ? 'Scripts' : 'bin');
  return { python: path.join(folder, platform === 'win32' ? 'python.exe' : 'python') };
}

/**
 * @param source a wheel's file, or a pinned requirement
 */
export function recipe(tool: Tool, environment: string, source: string): readonly Step[] {
  const { python } = programsOf(environment);
  switch (tool.kind) {
    case 'uv':
      return [
        {
          title: 'uv makes an environment',
          program: tool.program,
          args: ['venv', '--quiet', '--python', `>=${OLDEST_PYTHON.join('.')}`, environment],
        },
        {
          title: 'uv installs orps-lsp',
          program: tool.program,
          args: ['pip', 'install', '--quiet', '--python', python, source, FOR_THE_SAMPLE],
        },
      ];
    case 'python':
      return [
        {
          title: 'Python makes an environment',
          program: tool.program,
          args: ['-I', '-m', 'venv', environment],
        },
        {
          title: 'pip installs orps-lsp',
          program: python,
          args: [
            ...['-I', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
            source,
            FOR_THE_SAMPLE,
          ],
        },
      ];
  }
}

/** Prints the version as two numbers; `-I` keeps the opened folder out of it. */
export const VERSION_ARGS = ['-I', '-c', 'import sys; print(*sys.version_info[:2])'];

export function isRecent(printed: string): boolean {
  const [major = 0, minor = 0] = printed.trim().split(' ').map(Number);
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
