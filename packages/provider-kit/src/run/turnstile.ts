import { throwIfCancelled } from '../deadline.ts';

/** Lets one conversation with a sandbox at a time through, in the order of arrival. */
export class Turnstile {
  readonly #providerId: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(providerId: string) {
    this.#providerId = providerId;
  }

  /** @throws SandboxError `CANCELLED` when the signal fired while others were before; else what the conversation throws. */
  async pass<Result>(operation: string, signal: AbortSignal | undefined, converse: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter(operation, signal);
    try {
      return await converse();
    } finally {
      leave();
    }
  }

  /** Waits for the turn; the returned function ends it. */
  async enter(operation: string, signal: AbortSignal | undefined): Promise<() => void> {
    throwIfCancelled({ signal, providerId: this.#providerId, operation });
    const before = this.#last;
    let leave = (): void => undefined;
    this.#last = new Promise<void>((resolve) => {
      leave = resolve;
    });
    await waitFor(before, signal);
    if (signal?.aborted === true) {
      // Whoever comes next still waits for those before.
      void before.then(leave);
      throwIfCancelled({ signal, providerId: this.#providerId, operation });
    }
    return leave;
  }
}

/** Waits until a promise is settled or a signal fires. */
async function waitFor(before: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await before;
    return;
  }
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      signal.removeEventListener('abort', settle);
      resolve();
    };
    signal.addEventListener('abort', settle, { once: true });
    void before.then(settle);
  });
}
