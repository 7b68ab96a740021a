import { untilAborted } from '@sandport/conformance';

/** When work is ended early, and with what. */
export interface WorkBounds {
  readonly boundMs: number;
  /** The error of work that came to no end in that time. */
  readonly late: () => Error;
  /** Ends the work as well. */
  readonly parent: AbortSignal | undefined;
  /** The error of work that the parent ended. */
  readonly withdrawn: (reason: unknown) => unknown;
}

/** Work of a bounded time that others may end. Dispose of it when it is over. */
export class TimedWork implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #parent: AbortSignal | undefined;
  readonly #withdraw: () => void;

  constructor({ boundMs, late, parent, withdrawn }: WorkBounds) {
    this.#timer = setTimeout(() => this.#controller.abort(late()), boundMs);
    this.#parent = parent;
    this.#withdraw = () => this.#controller.abort(withdrawn(parent?.reason));
    parent?.addEventListener('abort', this.#withdraw, { once: true });
    if (parent?.aborted === true) this.#withdraw();
  }

  /** Fires when nothing more is to be done. Its reason is the error that tells why. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The outcome of a part of the work, or at once the reason why nothing more is done. A part that goes on after that settles unseen. */
  wait<Result>(part: Promise<Result>): Promise<Result> {
    return untilAborted(part, this.signal);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener('abort', this.#withdraw);
  }
}
