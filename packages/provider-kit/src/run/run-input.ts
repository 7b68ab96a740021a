import { encodeFrame, FRAME } from '../supervisor/frame-codec.ts';
import type { SupervisorConnection } from '../supervisor/supervisor-connection.ts';
import { piecesOf } from './stream-pieces.ts';

/** Bytes that may be on their way to a program that has not read them yet. */
const WINDOW_BYTES = 256 * 1024;

const FRAME_BYTES = 64 * 1024;

/** Where a program's standard input comes from. */
export type InputSource = Uint8Array | AsyncIterable<string | Uint8Array>;

/** Whether there is any input at all; without, the program finds its input at its end from the start. */
export function hasInput(source: InputSource): boolean {
  return !(source instanceof Uint8Array) || source.byteLength > 0;
}

/** Sends a program its standard input, no faster than it reads. */
export class RunInput {
  readonly #connection: SupervisorConnection;
  readonly #source: InputSource;
  readonly #onFailure: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #room = WINDOW_BYTES;
  #isStopped = false;
  #wake: (() => void) | undefined;

  constructor(connection: SupervisorConnection, source: InputSource, onFailure: (error: unknown) => void) {
    this.#connection = connection;
    this.#source = source;
    this.#onFailure = onFailure;
  }

  start(): void {
    this.#pump().catch((error: unknown) => {
      if (!this.#isStopped) this.#onFailure(error);
    });
  }

  /** The program has read this much. */
  giveCredit(bytes: number): void {
    this.#room += bytes;
    this.#wake?.();
  }

  /** Nothing more is wanted: the program is over, or has closed its input. The source is let go of. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#wake?.();
    this.#stopping.abort();
  }

  async #pump(): Promise<void> {
    if (this.#source instanceof Uint8Array) {
      await this.#send(this.#source);
    } else {
      for await (const bytes of piecesOf(this.#connection.terms, this.#source, 'stdin', this.#stopping.signal)) await this.#send(bytes);
    }
    if (!this.#isStopped) this.#connection.send([encodeFrame(FRAME.inputEnd)]);
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.byteLength;) {
      while (this.#room === 0 && !this.#isStopped) await this.#waitForRoom();
      if (this.#isStopped) return;
      const piece = bytes.subarray(offset, offset + Math.min(FRAME_BYTES, this.#room));
      this.#connection.send([encodeFrame(FRAME.input, piece)]);
      this.#room -= piece.byteLength;
      offset += piece.byteLength;
    }
  }

  #waitForRoom(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
