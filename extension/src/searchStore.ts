/**
 * The latest news of each search; no editor needed.
 *
 * The server sends whole snapshots, so whoever listens never has to put parts together.
 */
import type { CandidateSummary, SearchSnapshot } from './lspExt';

type Listener = (search: SearchSnapshot) => void;

export class SearchStore {
  readonly #byId = new Map<string, SearchSnapshot>();
  readonly #listeners = new Set<Listener>();

  /** One search for each function, the newest first. */
  get searches(): readonly SearchSnapshot[] {
    return [...this.#byId.values()].reverse();
  }

  get(searchId: string): SearchSnapshot | undefined {
    return this.#byId.get(searchId);
  }

  /** Takes a snapshot in unless a newer one of the same search is known. */
  tell(search: SearchSnapshot): void {
    const known = this.#byId.get(search.searchId);
    if (known !== undefined && known.revision >= search.revision) {
      return;
    }
    if (known === undefined) {
      this.#forgetOthersOf(search);
    }
    this.#byId.set(search.searchId, search);
    this.#announce(search);
  }

  /** The server is gone, and with it everything that was running. */
  interrupt(): void {
    for (const search of this.#byId.values()) {
      if (isRunning(search)) {
        const interrupted: SearchSnapshot = { ...search, state: 'interrupted' };
        this.#byId.set(search.searchId, interrupted);
        this.#announce(interrupted);
      }
    }
  }

  onDidChange(listener: Listener): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** A search that supersedes another one of the same function takes its place. */
  #forgetOthersOf({ uri, function: name }: SearchSnapshot): void {
    for (const other of this.#byId.values()) {
      if (other.uri === uri && other.function === name) {
        this.#byId.delete(other.searchId);
      }
    }
  }

  #announce(search: SearchSnapshot): void {
    for (const listener of this.#listeners) {
      listener(search);
    }
  }
}

export function isRunning({ state }: SearchSnapshot): boolean {
  return state === 'running' || state === 'queued' || state === 'awaitingConsent';
}

export function passesAll({ passed, total }: CandidateSummary): boolean {
  return total > 0 && passed === total;
}

export function tokensOf({ usage }: SearchSnapshot): number {
  return usage.inputTokens + usage.outputTokens;
}
