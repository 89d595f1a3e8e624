/**
 * What the running searches tell through `$/progress`, folded into one view.
 *
 * Tokens belong to the server; a search is known from its `begin` to its `end`.
 */
import type {
  ProgressToken,
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from 'vscode-languageclient/node';

export type Progress = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

interface Running {
  readonly title: string;
  readonly message: string;
}

/** What the status bar shows; `undefined` before the first search. */
export interface SearchesView {
  readonly text: string;
  readonly tooltip: string;
}

export class Searches {
  readonly #running = new Map<ProgressToken, Running>();
  #last: Running | undefined;

  get count(): number {
    return this.#running.size;
  }

  /** Takes one message in; a report for an unknown token is a late one and is dropped. */
  tell(token: ProgressToken, progress: Progress): void {
    const known = this.#running.get(token);
    switch (progress.kind) {
      case 'begin':
        this.#running.set(token, { title: progress.title, message: progress.message ?? '' });
        break;
      case 'report':
        if (known !== undefined && progress.message !== undefined) {
          this.#running.set(token, { ...known, message: progress.message });
        }
        break;
      case 'end':
        if (known !== undefined) {
          this.#running.delete(token);
          this.#last = { ...known, message: progress.message ?? 'done' };
        }
        break;
    }
  }

  /** Forgets what runs: a server that went away never sends the `end`. */
  clear(): void {
    this.#running.clear();
  }

  view(): SearchesView | undefined {
    const running = [...this.#running.values()];
    const [first] = running;
    if (first !== undefined) {
      const text =
        running.length === 1 ? first.message || 'searching' : `${running.length} searches`;
      return { text: `$(sync~spin) ORPS ${text}`, tooltip: running.map(line).join('\n') };
    }
    if (this.#last !== undefined) {
      return { text: `$(beaker) ORPS ${this.#last.message}`, tooltip: line(this.#last) };
    }
    return undefined;
  }
}

function line({ title, message }: Running): string {
  return message === '' ? title : `${title}: ${message}`;
}
