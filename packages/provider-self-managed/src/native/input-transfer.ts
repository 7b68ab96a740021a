import { setTimeout as delay } from 'node:timers/promises';
import { MEDIA_TYPES } from '@sandport/executor-api';
import { piecesOf } from '@sandport/provider-kit';
import { SELF_MANAGED_TERMS } from '../self-managed-errors.ts';
import type { SandboxLine } from './sandbox-line.ts';

/** How long the end of a program may come after that of its input, whose connection it closes. */
const END_GRACE_MS = 1000;

/** Brings a stream to the standard input of a program, as fast as the program reads. */
export class InputTransfer {
  readonly #line: SandboxLine;
  readonly #source: AsyncIterable<string | Uint8Array>;
  readonly #onFailure: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #sourceFailure: { readonly error: unknown } | undefined;

  /** @param onFailure Gets what the stream threw, or why it could not be brought. */
  constructor(line: SandboxLine, source: AsyncIterable<string | Uint8Array>, onFailure: (error: unknown) => void) {
    this.#line = line;
    this.#source = source;
    this.#onFailure = onFailure;
  }

  start(execution: string): void {
    void this.#transfer(execution);
  }

  /** Nothing more is wanted: the stream is let go of. */
  stop(): void {
    this.#stopping.abort();
  }

  async #transfer(execution: string): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const answer = await this.#line.open(
        {
          action: 'give input',
          method: 'PUT',
          route: 'executionInput',
          parameters: { execution },
          body: { type: MEDIA_TYPES.bytes, content: this.#pieces() },
        },
        signal,
      );
      answer.discard();
    } catch (error) {
      await this.#fail(error);
    } finally {
      this.stop();
    }
  }

  async *#pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* piecesOf(SELF_MANAGED_TERMS, this.#source, 'stdin', this.#stopping.signal);
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#sourceFailure = { error };
      throw error;
    }
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#sourceFailure !== undefined) {
      this.#onFailure(this.#sourceFailure.error);
      return;
    }
    if (this.#stopping.signal.aborted) return;
    // A program that is over closes its input, too: its result is on the way then.
    await delay(END_GRACE_MS, undefined, { ref: false });
    if (!this.#stopping.signal.aborted) this.#onFailure(error);
  }
}
