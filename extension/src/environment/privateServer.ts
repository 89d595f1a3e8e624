/**
 * The server's own environment in the extension's storage: found, made, made again.
 *
 * A mark is written when all of it is there, so one that was left half done is never
 * started, only removed. The mark says what was installed: another version of the
 * extension, or another wheel in it, asks for a new one.
 */
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';

import type { ServerCommand, Surroundings } from '../serverPath';
import {
  isRecent,
  programsOf,
  PYTHON_NAMES,
  recipe,
  VERSION_ARGS,
  type Step,
  type Tool,
} from './recipe';

const MARK = 'orps-installed';
const STEP_TIMEOUT_MS = 10 * 60_000;

export interface Places {
  /** The extension's own folder among the editor's data. */
  readonly storage: string;
  /** Where the extension is installed; may hold a wheel of the server. */
  readonly extension: string;
  readonly version: string;
}

/** What a step printed, for the log. */
export type Tell = (line: string) => void;

export class PrivateServer {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  get folder(): string {
    return path.join(this.#places.storage, 'server');
  }

  /** The command of a complete environment of our version. */
  async find(): Promise<ServerCommand | undefined> {
    const [mark, wanted] = await Promise.all([this.#mark(), this.#wanted()]);
    return mark === wanted ? this.#command() : undefined;
  }

  /** The interpreter of a complete environment of our version. */
  async python(): Promise<string | undefined> {
    return (await this.find())?.command;
  }

  /**
   * Makes the environment; throws what is to be told.
   *
   * @param announce called with what is being done
   */
  async create(
    surroundings: Surroundings,
    { announce, tell, signal }: { announce: Tell; tell: Tell; signal: AbortSignal },
  ): Promise<void> {
    const tool = await findTool(surroundings);
    if (tool === undefined) {
      throw new Error(
        'Neither uv nor Python 3.11 or newer is on PATH; install one of them and try again.',
      );
    }
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.#places.storage, { recursive: true });
    const wheel = await this.#wheel();
    for (const step of recipe(tool, this.folder, wheel ?? this.#requirement())) {
      announce(step.title);
      tell([step.program, ...step.args].join(' '));
      await perform(step, tell, signal);
    }
    await writeFile(path.join(this.folder, MARK), await this.#wanted());
  }

  #command(): ServerCommand {
    // -P: the folder that the editor was started in is not a place to import from.
    const args = ['-P', '-m', 'orps_server'];
    return { kind: 'command', command: programsOf(this.folder).python, args };
  }

  #requirement(): string {
    return `orps-lsp==${this.#places.version}`;
  }

  /** A developer's package carries the server that belongs to it. */
  async #wheel(): Promise<string | undefined> {
    const folder = path.join(this.#places.extension, 'dist');
    const files = await readdir(folder).catch(() => []);
    const wheel = files.find((file) => file.startsWith('orps_lsp-') && file.endsWith('.whl'));
    return wheel && path.join(folder, wheel);
  }

  async #wanted(): Promise<string> {
    const wheel = await this.#wheel();
    if (wheel === undefined) {
      return this.#requirement();
    }
    const digest = createHash('sha256').update(await readFile(wheel));
    return `${this.#requirement()} ${digest.digest('hex')}`;
  }

  #mark(): Promise<string | undefined> {
    return readFile(path.join(this.folder, MARK), 'utf8').catch(() => undefined);
  }
}

/** uv where it is, since it brings a Python if need be; else a Python that is recent. */
export async function findTool(surroundings: Surroundings): Promise<Tool | undefined> {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const onPath = async function* (name: string) {
    for (const directory of surroundings.directories) {
      const program = path.join(directory, name + ending);
      if (await surroundings.isExecutable(program)) {
        yield program;
      }
    }
  };
  for await (const program of onPath('uv')) {
    return { kind: 'uv', program };
  }
  for (const name of PYTHON_NAMES) {
    for await (const program of onPath(name)) {
      if (isRecent(await output(program, VERSION_ARGS))) {
        return { kind: 'python', program };
      }
    }
  }
  return undefined;
}

function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000, windowsHide: true }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}

function perform({ title, program, args }: Step, tell: Tell, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { timeout: STEP_TIMEOUT_MS, signal, windowsHide: true, maxBuffer: 1 << 24 };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const printed = `${stdout}${stderr}`.trim();
      if (printed !== '') {
        tell(printed);
      }
      if (error === null) {
        resolve();
      } else {
        const last = printed.split('\n').findLast((line) => line.trim() !== '');
        reject(new Error(`${title}: that failed. ${last ?? error.message}`));
      }
    });
  });
}
