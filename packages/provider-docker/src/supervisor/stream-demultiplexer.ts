import { Buffer } from 'node:buffer';

const STREAM_HEADER_BYTES = 8;
const STDERR_STREAM = 2;
const MAX_STDERR_CHARACTERS = 4_000;

/** Takes the engine's multiplexed stream of a container apart: one byte names the stream, four at the end of its header the length. */
export class StreamDemultiplexer {
  readonly #onStdout: (bytes: Buffer) => void;
  #pending: Buffer = Buffer.alloc(0);
  #stderr = '';

  constructor(onStdout: (bytes: Buffer) => void) {
    this.#onStdout = onStdout;
  }

  /** The last words on stderr. */
  get stderr(): string {
    return this.#stderr;
  }

  push(chunk: Buffer): void {
    let data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (data.length >= STREAM_HEADER_BYTES) {
      const length = data.readUInt32BE(4);
      if (data.length < STREAM_HEADER_BYTES + length) break;
      const payload = data.subarray(STREAM_HEADER_BYTES, STREAM_HEADER_BYTES + length);
      if (data.readUInt8(0) === STDERR_STREAM) this.#stderr = (this.#stderr + payload.toString('utf8')).slice(-MAX_STDERR_CHARACTERS);
      else this.#onStdout(payload);
      data = data.subarray(STREAM_HEADER_BYTES + length);
    }
    this.#pending = data;
  }
}
