/** Says again and again that a call lives, until it is stopped or nobody wants to hear it any more. */
export class Heartbeat {
  readonly #beatMs: number;
  readonly #beat: () => Promise<boolean>;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #lastFailure: unknown;

  /** @param beat Answers `false` when it need not be called again. One that fails is tried again: a single beat that is missing means nothing. */
  constructor(beatMs: number, beat: () => Promise<boolean>) {
    this.#beatMs = beatMs;
    this.#beat = beat;
    this.#schedule();
  }

  /** What the last beat met; `undefined` when it went well. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    // It only watches: the call itself keeps the process alive.
    this.#timer = setTimeout(() => void this.#run(), this.#beatMs).unref();
  }

  async #run(): Promise<void> {
    try {
      if (!(await this.#beat())) return;
      this.#lastFailure = undefined;
    } catch (error) {
      this.#lastFailure = error;
    }
    this.#schedule();
  }
}
