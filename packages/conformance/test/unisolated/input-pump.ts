import { Buffer } from 'node:buffer';
import type { Writable } from 'node:stream';
import { SandboxError, type ExecutionRequest } from '@sandport/core';
import { deferred } from '@sandport/provider-kit';
import { ignoreBrokenPipe } from './broken-pipe.ts';
import type { StreamHabits } from './living-habits.ts';

type Source = AsyncIterable<string | Uint8Array>;

/** Writes what the caller gives to the standard input of a program, as fast as the program reads. */
export class InputPump {
  readonly #sink: Writable;
  readonly #habits: StreamHabits;
  readonly #over = deferred<'over'>();

  constructor(sink: Writable, habits: StreamHabits) {
    this.#sink = sink;
    this.#habits = habits;
    sink.on('error', ignoreBrokenPipe).once('close', () => this.stop());
  }

  /** Settles when the input is at its end or nobody reads it any more; rejects with what the stream threw. */
  async run(input: ExecutionRequest['stdin']): Promise<void> {
    if (this.#habits.input !== 'none') {
      if (input instanceof Uint8Array) this.#sink.write(this.#habits.carryInput(input));
      else await this.#pump(this.#habits.input === 'collected-first' ? await collect(input) : input);
    }
    if (this.#habits.endsInput) this.#sink.end();
  }

  /** The program is over: nothing more is taken from the stream. */
  stop(): void {
    this.#over.resolve('over');
  }

  async #pump(source: Source): Promise<void> {
    const iterator = source[Symbol.asyncIterator]();
    let isAtItsEnd = false;
    try {
      for (;;) {
        const step = await Promise.race([iterator.next(), this.#over.promise]);
        if (step === 'over') return;
        isAtItsEnd = step.done === true;
        if (step.done === true) return;
        const isTaken = this.#sink.write(this.#habits.carryInput(bytesOf(step.value)));
        if (!isTaken && this.#habits.waitsForReader) await Promise.race([this.#drained(), this.#over.promise]);
      }
    } catch (error) {
      isAtItsEnd = true;
      if (this.#habits.tellsInputFailure) throw error;
    } finally {
      if (!isAtItsEnd && this.#habits.letsGo) letGoOf(iterator);
    }
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#sink.once('drain', resolve);
    });
  }
}

/** Tells a stream that nothing more is wanted of it. It may take its time for that, and may complain; nobody listens any more. */
export function letGoOf(iterator: AsyncIterator<unknown>): void {
  const ignoreComplaint = () => undefined;
  void Promise.resolve(iterator.return?.()).catch(ignoreComplaint);
}

function bytesOf(piece: unknown): Uint8Array {
  if (typeof piece === 'string') return Buffer.from(piece);
  if (piece instanceof Uint8Array) return piece;
  throw new SandboxError('REQUEST_INVALID', 'stdin: a piece of the stream is neither text nor bytes.', { details: { field: 'stdin' } });
}

async function collect(source: Source): Promise<Source> {
  const pieces: (string | Uint8Array)[] = [];
  for await (const piece of source) pieces.push(piece);
  return (async function* replay() {
    yield* pieces;
  })();
}
