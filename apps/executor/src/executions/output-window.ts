import { deferred, type Deferred } from '@sandport/provider-kit';

/**
 * How much output is written ahead of what its reader has taken. Connections have room for megabytes, which would be read from a program that was meant to be held back.
 */
export class OutputWindow {
  readonly #mostBytes: number;
  #writtenBytes = 0;
  #takenBytes = 0;
  #room: Deferred<void> | undefined;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Resolves when there is room for more output after this. */
  async passed(text: string): Promise<void> {
    this.#writtenBytes += Buffer.byteLength(text);
    if (this.#isFull) await (this.#room ??= deferred<void>()).promise;
  }

  /** The reader has taken so many bytes since the beginning. */
  noteTaken(bytes: number): void {
    this.#takenBytes = Math.max(this.#takenBytes, bytes);
    if (!this.#isFull) this.close();
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  get #isFull(): boolean {
    return this.#writtenBytes - this.#takenBytes > this.#mostBytes;
  }
}
