/**
 * One job at a time, and at most one more waiting.
 *
 * Ten requests while a restart is under way mean "again, once, with what is true
 * then", not ten restarts.
 */
export class Coalesced {
  readonly #job: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(job: () => Promise<void>) {
    this.#job = job;
  }

  /** Resolves when a run that began after this call has ended, however it ended. */
  request(): Promise<void> {
    if (this.#running === undefined) {
      return this.#begin();
    }
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  /** Resolves when nothing runs and nothing waits. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) {
      await (this.#next ?? this.#running).catch(() => undefined);
    }
  }

  #begin(): Promise<void> {
    const run = this.#job().finally(() => {
      this.#running = undefined;
    });
    // Whoever waits for its turn does not care how the run before it ended.
    this.#running = run.catch(() => undefined);
    return run;
  }
}
