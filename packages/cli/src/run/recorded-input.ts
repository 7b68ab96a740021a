import { Buffer } from 'node:buffer';
import { REQUEST_LIMITS } from '@sandport/core';
import { usageError } from '../usage-error.ts';

/** Passes an input on and keeps what was read of it, for a record. */
export class RecordedInput {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #pieces: Uint8Array[] = [];
  #sizeBytes = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  /** What was read so far. */
  get bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }

  /** The input. It fails, and the call with it, where there is more of it than a record can have. */
  readonly stream: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => this.#passOn(),
  };

  async *#passOn(): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#source) {
      this.#sizeBytes += piece.byteLength;
      if (this.#sizeBytes > REQUEST_LIMITS.stdinBytes)
        throw usageError(
          `--record: standard input has more than ${REQUEST_LIMITS.stdinBytes} bytes, which is the most that a record has.`,
          'Give less input, or leave out --record.',
        );
      this.#pieces.push(Buffer.from(piece));
      yield piece;
    }
  }
}
