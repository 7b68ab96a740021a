import { SandboxError } from '@sandport/core';

/** Lets one task run at a time, in the order in which they came. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /**
   * Runs a task when those before it are over. A task that is withdrawn while it waits never runs, and holds up nobody.
   *
   * @throws SandboxError `CANCELLED`, and whatever the task throws.
   */
  async take<Value>(signal: AbortSignal | undefined, task: () => Promise<Value>): Promise<Value> {
    const before = this.#last;
    const { promise: over, resolve: end } = withResolvers();
    this.#last = before.then(() => over);
    try {
      await turnOf(before, signal);
      return await task();
    } finally {
      end();
    }
  }
}

/** Resolves with the turn. The listener is gone afterwards: a signal may outlive many calls. */
async function turnOf(before: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const { promise: withdrawn, resolve: withdraw } = withResolvers();
  checkWanted(signal);
  signal?.addEventListener('abort', withdraw, { once: true });
  try {
    await Promise.race([before, withdrawn]);
  } finally {
    signal?.removeEventListener('abort', withdraw);
  }
  checkWanted(signal);
}

function checkWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw withdrawnError(signal);
}

function withdrawnError(signal: AbortSignal): SandboxError {
  return new SandboxError('CANCELLED', 'The call was withdrawn before its turn came.', {
    operation: 'runCode',
    suggestion: 'Nothing of it was done; call again when it is wanted.',
    cause: signal.reason,
  });
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: (() => void) | undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve?.() };
}
