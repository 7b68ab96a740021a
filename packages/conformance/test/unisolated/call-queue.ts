import { SandboxError } from '@sandport/core';
import { deferred, type Deferred } from '@sandport/provider-kit';
import type { KeepingHabits } from './living-habits.ts';

/** Lets the calls of one sandbox in, one after the other. */
export class CallQueue {
  readonly #habits: KeepingHabits;
  readonly #waiting: Deferred<void>[] = [];
  #isBusy = false;
  #closed: SandboxError | null = null;

  constructor(habits: KeepingHabits) {
    this.#habits = habits;
  }

  async run<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter(signal);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Waits for its turn; what it gives ends the turn. */
  async enter(signal: AbortSignal | undefined): Promise<() => void> {
    if (this.#closed !== null) throw this.#closed;
    if (this.#isBusy && this.#habits.order !== 'at-once') await this.#wait(signal);
    this.#isBusy = true;
    let isOver = false;
    return () => {
      if (!isOver) this.#next();
      isOver = true;
    };
  }

  /** Lets nobody in any more; those who wait are refused. */
  close(error: SandboxError): void {
    this.#closed = error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    const turn = deferred<void>();
    this.#waiting.push(turn);
    const onAbort = () => {
      const place = this.#waiting.indexOf(turn);
      if (place < 0 || !this.#habits.withdrawsWaiting) return;
      this.#waiting.splice(place, 1);
      turn.reject(new SandboxError('CANCELLED', 'The call was withdrawn while it waited for its turn.'));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await turn.promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #next(): void {
    this.#isBusy = false;
    const next = this.#habits.order === 'latest-first' ? this.#waiting.pop() : this.#waiting.shift();
    if (next === undefined) return;
    // Taken at once, so that nobody slips in before the one who waited.
    this.#isBusy = true;
    next.resolve();
  }
}
