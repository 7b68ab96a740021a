import { withdrawnInTurn } from './session-errors.ts';

/** Lets one call of a session at a time through, in the order in which they came. */
export class TurnQueue {
  #last: Promise<void>;
  #count = 0;

  /** @param after What must be over before the first turn. It must not reject. */
  constructor(after: Promise<void> = Promise.resolve()) {
    this.#last = after;
  }

  /** Whether a call has its turn, or waits for it. */
  get isBusy(): boolean {
    return this.#count > 0;
  }

  /**
   * Waits for the turn; the returned function ends it.
   *
   * @throws SandboxError `CANCELLED` when the signal fires first.
   */
  async enter(operation: string, signal: AbortSignal | undefined): Promise<() => void> {
    throwIfWithdrawn(operation, signal);
    const before = this.#last;
    let end: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#count += 1;
    this.#last = turn.then(() => {
      this.#count -= 1;
    });
    await settledOrAborted(before, signal);
    try {
      throwIfWithdrawn(operation, signal);
    } catch (error) {
      // Whoever comes next still waits for those before.
      void before.then(end);
      throw error;
    }
    return end;
  }

  /** Waits until every call that has come by now, and every one that comes meanwhile, is over. */
  async idle(): Promise<void> {
    do await this.#last;
    while (this.#count > 0);
  }
}

function throwIfWithdrawn(operation: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw withdrawnInTurn(operation, signal.reason);
}

async function settledOrAborted(before: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return before;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      signal.removeEventListener('abort', settle);
      resolve();
    };
    signal.addEventListener('abort', settle, { once: true });
    void before.then(settle);
  });
}
