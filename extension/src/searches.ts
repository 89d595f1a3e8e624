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

/** The status bar is shared; what does not fit there stands in the tooltip. */
const MAX_TEXT_LENGTH = 40;

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
    if (running.length > 0) {
      // How far each is, and the button that cancels it, the client library shows.
      const count = running.length === 1 ? '' : ` ${running.length.toString()} searches`;
      return { text: `$(sync~spin) ORPS${count}`, tooltip: running.map(line).join('\n') };
    }
    if (this.#last !== undefined) {
      return { text: `$(beaker) ORPS ${shortened(this.#last.message)}`, tooltip: line(this.#last) };
    }
    return undefined;
  }
}

function line({ title, message }: Running): string {
  return message === '' ? title : `${title}: ${message}`;
}

function shortened(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : `${text.slice(0, MAX_TEXT_LENGTH - 1)}…`;
}
