import { Buffer } from 'node:buffer';
import type { OutputChunk } from '@sandport/core';

/** Keeps output until it is read, and tells its writer to wait while there is too much of it. */
export class EventBuffer {
  readonly #limitBytes: number;
  readonly #chunks: OutputChunk[] = [];
  readonly #waiting: (() => void)[] = [];
  #bytes = 0;
  #isOpen = false;

  /** @param limitBytes How much may wait to be read, in bytes of UTF-8, before its writer does. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Takes a piece. The promise that it may give says when the writer should go on. */
  add(chunk: OutputChunk): Promise<void> | undefined {
    this.#chunks.push(chunk);
    this.#bytes += Buffer.byteLength(chunk.text);
    if (this.#mayGoOn) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Gives the oldest piece. */
  take(): OutputChunk | undefined {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return undefined;
    this.#bytes -= Buffer.byteLength(chunk.text);
    this.#wakeWriter();
    return chunk;
  }

  /** Lets the writer go on whatever is there, from now on. */
  open(): void {
    this.#isOpen = true;
    this.#wakeWriter();
  }

  /** Forgets what was not read. */
  clear(): void {
    this.#chunks.length = 0;
    this.#bytes = 0;
    this.#wakeWriter();
  }

  get #mayGoOn(): boolean {
    return this.#isOpen || this.#bytes < this.#limitBytes;
  }

  #wakeWriter(): void {
    if (!this.#mayGoOn) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
