/**
 * Which interpreter the editor has selected for a file.
 *
 * Asked of the Python Environments extension, else of the Python extension, else
 * nobody: then the server finds the project's own environment. Neither is a
 * dependency; the interfaces below are the parts of their public APIs that we use.
 */
import { EventEmitter, extensions, Uri, type Disposable, type Event } from 'vscode';

interface EnvironmentsApi {
  getEnvironment(
    scope: Uri | undefined,
  ): Promise<{ readonly execInfo: { readonly run: { readonly executable: string } } } | undefined>;
  readonly onDidChangeEnvironment: Event<unknown>;
}

interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

type Select = (resource: Uri | undefined) => Promise<string | undefined>;

export class Interpreters implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: { dispose(): unknown }[] = [this.#changed];
  #select: Promise<Select> | undefined;

  readonly onDidChange = this.#changed.event;

  async selectedFor(resource: Uri | undefined): Promise<string | undefined> {
    this.#select ??= this.#connect();
    return (await this.#select)(resource);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  async #connect(): Promise<Select> {
    const environments = await activated<EnvironmentsApi>('ms-python.vscode-python-envs');
    if (environments !== undefined) {
      this.#follow(environments.onDidChangeEnvironment);
      return async (resource) =>
        (await environments.getEnvironment(resource))?.execInfo.run.executable;
    }
    const python = await activated<PythonApi>('ms-python.python');
    if (python !== undefined) {
      this.#follow(python.environments.onDidChangeActiveEnvironmentPath);
      return async (resource) => {
        const active = python.environments.getActiveEnvironmentPath(resource);
        return (await python.environments.resolveEnvironment(active))?.executable.uri?.fsPath;
      };
    }
    return () => Promise.resolve(undefined);
  }

  #follow(event: Event<unknown>): void {
    this.#subscriptions.push(event(() => this.#changed.fire()));
  }
}

async function activated<T>(id: string): Promise<T | undefined> {
  return extensions.getExtension<T>(id)?.activate();
}
