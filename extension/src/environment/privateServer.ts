/**
 * The server's own environment in the extension's storage: found, made, made again.
 *
 * A mark is written when all of it is there, so one that was left half done is never
 * started, only removed. The mark says what was installed: another version of the
 * extension, or another wheel in it, asks for a new one.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';

import type { ServerCommand, Surroundings } from '../serverPath';
import { perform, type Reports } from './performing';
import { programsOf, pythonOf, recipe, type Source } from './recipe';
import { findTool } from './tools';

const MARK = 'orps-installed';

export interface Places {
  /** The extension's own folder among the editor's data. */
  readonly storage: string;
  /** Where the extension is installed; may hold a wheel of the server. */
  readonly extension: string;
  readonly version: string;
}

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

  /** Makes the environment; throws what is to be told. */
  async create(surroundings: Surroundings, reports: Reports): Promise<void> {
    const source = await this.#source();
    const tool = await findTool(surroundings, source.python);
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.#places.storage, { recursive: true });
    for (const step of recipe(tool, this.folder, source)) {
      await perform(step, reports);
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

  /** A package that was built from sources carries the server, and what that depends on. */
  async #source(): Promise<Source> {
    const wheels = path.join(this.#places.extension, 'dist', 'wheels');
    const files = await readdir(wheels).catch(() => []);
    const own = files.find((file) => file.startsWith('orps_lsp-') && file.endsWith('.whl'));
    return own === undefined
      ? { server: this.#requirement(), wheels: undefined, python: undefined }
      : { server: path.join(wheels, own), wheels, python: pythonOf(files) };
  }

  async #wanted(): Promise<string> {
    const { server, wheels } = await this.#source();
    if (wheels === undefined) {
      return server;
    }
    const digest = createHash('sha256').update(await readFile(server));
    return `${this.#requirement()} ${digest.digest('hex')}`;
  }

  #mark(): Promise<string | undefined> {
    return readFile(path.join(this.folder, MARK), 'utf8').catch(() => undefined);
  }
}
