import { SandboxError, type OutputChunk, type OutputListener, type OutputStream } from '@sandport/core';
import { EventBuffer } from './event-buffer.ts';

/** Output that may wait to be read before the program is held, in bytes. */
const BUFFER_BYTES = 64 * 1024;

/** How long leaving the loop waits for the run to settle, in milliseconds. By its contract a withdrawn run needs a second. */
const SETTLE_TIMEOUT_MS = 5000;

/** What an {@link ExecutionStream} tells. */
export type ExecutionEvent<Result> =
  | { readonly type: 'output'; readonly stream: OutputStream; readonly text: string }
  | { readonly type: 'result'; readonly result: Result };

/**
 * A run whose output can be read as it comes: `for await (const event of stream)`. The last event is the result; what the run throws is thrown by the loop.
 *
 * - The run has begun already. It goes on also when nobody reads.
 * - Output waits to be read. When 64 KiB wait, the program is held until some are read: a slow reader slows it, or lets it run into its time limit.
 * - As soon as {@link ExecutionStream.result} was asked for, nothing holds the program any more, since its asker may not read at all. What was not read
 *   stays there for the loop: at most what the result itself carries.
 * - Leaving the loop (`break`, `return`, an exception) withdraws the run and waits until it has settled, 5 s at most. So does `await using`.
 * - It can be iterated once.
 */
export interface ExecutionStream<Result> extends AsyncIterable<ExecutionEvent<Result>>, AsyncDisposable {
  /**
   * The result, or the error that the run threw. Nobody needs to look at it. Asking for it, and not only awaiting it, lets the program go on however much
   * output waits.
   */
  readonly result: Promise<Result>;
  /** @throws SandboxError `REQUEST_INVALID` the second time. */
  [Symbol.asyncIterator](): AsyncIterator<ExecutionEvent<Result>, undefined, undefined>;
}

/** What a stream adds to the request and the options of the run that it starts. */
export interface StreamAdditions {
  readonly onOutput: OutputListener;
  readonly signal: AbortSignal;
}

/** What the caller of {@link openExecutionStream} may say. */
export interface ExecutionStreamOptions {
  /** The caller's own signal. */
  readonly signal?: AbortSignal | undefined;
  /** The caller's own listener. It is told first, and its promise and its exceptions count as they do without a stream. */
  readonly onOutput?: OutputListener | undefined;
  /** @default 65536 */
  readonly bufferBytes?: number | undefined;
  /** @default 5000 */
  readonly settleTimeoutMs?: number | undefined;
}

/** Starts a run and gives its output as events. What `start` throws at once is an outcome like any other. */
export function openExecutionStream<Result>(
  start: (additions: StreamAdditions) => Promise<Result>,
  options: ExecutionStreamOptions = {},
): ExecutionStream<Result> {
  return new RunStream(start, options);
}

type Outcome<Result> = { readonly kind: 'result'; readonly result: Result } | { readonly kind: 'failure'; readonly error: unknown };

class RunStream<Result> implements ExecutionStream<Result> {
  readonly #buffer: EventBuffer;
  readonly #controller = new AbortController();
  readonly #result: Promise<Result>;
  /** Never rejects. */
  readonly #settled: Promise<void>;
  readonly #settleTimeoutMs: number;
  #outcome: Outcome<Result> | undefined;
  #isIterated = false;
  #isOver = false;
  /** The step of the loop that was asked for last; steps are taken one after the other. */
  #lastStep: Promise<unknown> = Promise.resolve();
  #wakeReader: () => void = () => undefined;

  constructor(start: (additions: StreamAdditions) => Promise<Result>, options: ExecutionStreamOptions) {
    this.#buffer = new EventBuffer(options.bufferBytes ?? BUFFER_BYTES);
    this.#settleTimeoutMs = options.settleTimeoutMs ?? SETTLE_TIMEOUT_MS;
    this.#result = this.#run(start, options);
    this.#settled = this.#result.then(
      (result) => this.#settle({ kind: 'result', result }),
      (error: unknown) => this.#settle({ kind: 'failure', error }),
    );
  }

  get result(): Promise<Result> {
    this.#buffer.open();
    return this.#result;
  }

  [Symbol.asyncIterator](): AsyncIterator<ExecutionEvent<Result>, undefined, undefined> {
    if (this.#isIterated) throw iteratedTwice();
    this.#isIterated = true;
    return { next: () => this.#next(), return: () => this.#leave() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave();
  }

  async #run(start: (additions: StreamAdditions) => Promise<Result>, { signal, onOutput }: ExecutionStreamOptions): Promise<Result> {
    const onAbort = (): void => this.#withdraw(signal?.reason);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await start({ onOutput: (chunk) => this.#hear(chunk, onOutput), signal: this.#controller.signal });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #hear(chunk: OutputChunk, listener: OutputListener | undefined): void | Promise<void> {
    const heard = listener?.(chunk);
    const hasRoom = this.#isOver ? undefined : this.#buffer.add(chunk);
    this.#wakeReader();
    if (heard === undefined) return hasRoom;
    return Promise.all([heard, hasRoom]).then(() => undefined);
  }

  /** A run that was withdrawn is not to wait for a reader. */
  #withdraw(reason: unknown): void {
    this.#controller.abort(reason);
    this.#buffer.open();
  }

  #settle(outcome: Outcome<Result>): void {
    this.#outcome = outcome;
    this.#buffer.open();
    this.#wakeReader();
  }

  #next(): Promise<IteratorResult<ExecutionEvent<Result>, undefined>> {
    const step = this.#lastStep.then(() => this.#step());
    this.#lastStep = step.catch(() => undefined);
    return step;
  }

  async #step(): Promise<IteratorResult<ExecutionEvent<Result>, undefined>> {
    for (;;) {
      const event = this.#isOver ? OVER : this.#take();
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  /** What can be told now; `undefined` when there is nothing yet. */
  #take(): IteratorResult<ExecutionEvent<Result>, undefined> | undefined {
    const chunk = this.#buffer.take();
    if (chunk !== undefined) return { done: false, value: { type: 'output', ...chunk } };
    if (this.#outcome === undefined) return undefined;
    this.#isOver = true;
    if (this.#outcome.kind === 'failure') throw this.#outcome.error;
    return { done: false, value: { type: 'result', result: this.#outcome.result } };
  }

  async #leave(): Promise<typeof OVER> {
    this.#isOver = true;
    if (this.#outcome === undefined) this.#withdraw(readerLeft());
    this.#buffer.clear();
    this.#wakeReader();
    await this.#settleInTime();
    return OVER;
  }

  async #settleInTime(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#settleTimeoutMs);
    });
    try {
      await Promise.race([this.#settled, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const OVER = { done: true, value: undefined } as const;

function readerLeft(): SandboxError {
  return new SandboxError('CANCELLED', 'The reader left the events of the run before its end.', {
    operation: 'readEvents',
    suggestion: 'Read the events to the end when the run is to go on.',
  });
}

function iteratedTwice(): SandboxError {
  return new SandboxError('REQUEST_INVALID', 'stream: the events of a run can be read once only.', {
    operation: 'readEvents',
    suggestion: 'Read them in one loop; `result` can be awaited as often as you like.',
    details: { field: 'stream' },
  });
}
