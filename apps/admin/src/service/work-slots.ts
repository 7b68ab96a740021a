import { SandboxError } from '@sandport/core';

/** When it is worth coming again, in milliseconds: trials and programs take seconds. */
const RETRY_AFTER_MS = 5000;

/** How much costly work is carried out at one time. Nothing waits: a person looks at the answer and can come again. */
export class WorkSlots {
  readonly #count: number;
  #taken = 0;

  constructor(count: number) {
    this.#count = count;
  }

  /** Slots that are taken now. */
  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes a slot until it is disposed of.
   *
   * @throws SandboxError `CAPACITY_EXHAUSTED`
   */
  take(): Disposable {
    if (this.#taken >= this.#count) {
      throw new SandboxError(
        'CAPACITY_EXHAUSTED',
        `${this.#count} trials, comparisons and programs run here already, which is the most at one time.`,
        {
          suggestion: 'Wait until one of them has ended, or stop one, and try again.',
          retryAfterMs: RETRY_AFTER_MS,
        },
      );
    }
    this.#taken += 1;
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#taken -= 1;
        isTaken = false;
      },
    };
  }
}
