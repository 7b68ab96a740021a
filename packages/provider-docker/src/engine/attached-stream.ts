import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { SupervisorTransport } from '@sandport/provider-kit';

const STREAM_HEADER_BYTES = 8;
const STDERR_STREAM = 2;
const MAX_STDERR_CHARACTERS = 4_000;

/** The engine's stream of a container as the way to its supervisor. What comes is multiplexed: one byte names the stream, four at the end of its header the length. */
export class AttachedStream implements SupervisorTransport {
  readonly incoming: Duplex;
  readonly outgoing: Duplex;
  #pending: Buffer = Buffer.alloc(0);
  #stderr = '';

  constructor(stream: Duplex) {
    this.incoming = stream;
    this.outgoing = stream;
  }

  lastWords(): string {
    return this.#stderr;
  }

  *unwrap(chunk: Buffer): Generator<Buffer, void, undefined> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length >= STREAM_HEADER_BYTES) {
      const data = this.#pending;
      const end = STREAM_HEADER_BYTES + data.readUInt32BE(4);
      if (data.length < end) return;
      const payload = data.subarray(STREAM_HEADER_BYTES, end);
      this.#pending = data.subarray(end);
      if (data.readUInt8(0) === STDERR_STREAM) this.#stderr = (this.#stderr + payload.toString('utf8')).slice(-MAX_STDERR_CHARACTERS);
      else yield payload;
    }
  }
}
