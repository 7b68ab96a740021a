import { keysWithdrawn } from './key-errors.ts';

/** Work that several callers wait for, each with a signal of its own. It is ended when nobody waits for it any more. */
export class SharedWork<Value> {
  readonly #controller = new AbortController();
  readonly #result: Promise<Value>;
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<Value>) {
    this.#result = work(this.#controller.signal);
    // Every caller may have gone by the time it fails; those who wait get the failure themselves.
    this.#result.catch(() => undefined);
  }

  /** Whether it was ended because everybody went, so that nobody new can wait for it. */
  get isAbandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /**
   * What comes of the work.
   *
   * @throws SandboxError `CANCELLED` when the caller's own signal fires.
   */
  async wait(signal: AbortSignal | undefined): Promise<Value> {
    this.#waiting += 1;
    try {
      return await (signal === undefined ? this.#result : untilAborted(this.#result, signal));
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#controller.abort();
    }
  }
}

async function untilAborted<Value>(result: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<Value>((resolve, reject) => {
      onAbort = () => reject(keysWithdrawn(signal));
      signal.addEventListener('abort', onAbort, { once: true });
      result.then(resolve, reject);
    });
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
