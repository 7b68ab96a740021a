import { SandboxError } from '@sandport/core';

/** Work with a deadline of its own, beside the signal of its caller. */
export class WorkDeadline implements Disposable {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #timeoutMs: number;

  constructor(caller: AbortSignal, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#timer = setTimeout(() => this.#controller.abort(this.#lateness()), timeoutMs);
    this.signal = AbortSignal.any([caller, this.#controller.signal]);
  }

  /** What is to be told of a failure: what failed because the time was up is told as that. */
  explain(error: unknown): unknown {
    return this.#controller.signal.aborted ? this.#lateness(error) : error;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #lateness(cause?: unknown): SandboxError {
    return new SandboxError('DEADLINE_EXCEEDED', `It was not done within ${this.#timeoutMs / 1000} s.`, {
      suggestion: 'Look at the health of the provider, and try again.',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
