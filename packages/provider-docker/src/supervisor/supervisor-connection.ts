import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FrameDecoder, FrameError, type Frame } from './frame-codec.ts';

/** Receives what a supervisor says. */
export interface SupervisorListener {
  onFrame(frame: Frame): void;
  /** The connection is over; nothing follows. */
  onEnd(reason: ConnectionEnd): void;
}

/** Why a connection is over: it closed, or the other side broke the protocol. */
export interface ConnectionEnd {
  readonly error: Error | null;
  /** Last words of the supervisor on its own stderr, for our logs and causes. The program cannot write there. */
  readonly supervisorStderr: string;
}

const STREAM_HEADER_BYTES = 8;
const STDERR_STREAM = 2;
const MAX_STDERR_CHARACTERS = 4_000;

/**
 * One connection to the supervisor of one container, for the container's whole life. What arrives while nobody listens is kept, so that a
 * listener may come late without missing anything.
 */
export class SupervisorConnection {
  readonly #stream: Duplex;
  readonly #decoder = new FrameDecoder();
  #pending: Buffer = Buffer.alloc(0);
  #waiting: Frame[] = [];
  #listener: SupervisorListener | undefined;
  #end: ConnectionEnd | undefined;
  #stderr = '';

  constructor(stream: Duplex) {
    this.#stream = stream;
    // An unused container must not keep the process alive; a call that runs has a timer that does.
    if (stream instanceof Socket) stream.unref();
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.once('end', () => this.#finish(null));
    stream.once('close', () => this.#finish(null));
    stream.on('error', (error: Error) => this.#finish(error));
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** Hands everything that arrived, and arrives from now on, to this listener. */
  listen(listener: SupervisorListener): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const frame of waiting) listener.onFrame(frame);
    if (this.#end !== undefined) listener.onEnd(this.#end);
  }

  /** Stops handing over; what arrives is kept for the next listener. */
  release(): void {
    this.#listener = undefined;
  }

  send(frames: readonly Uint8Array[]): void {
    if (this.#end === undefined) this.#stream.write(Buffer.concat(frames));
  }

  /** Closes our end; the supervisor and its container follow. */
  close(): void {
    this.#stream.destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      this.#demultiplex(chunk);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#finish(error);
      this.#stream.destroy();
    }
  }

  /** Takes the engine's multiplexed stream apart: one byte names the stream, four at the end of its header the length. */
  #demultiplex(chunk: Buffer): void {
    let data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (data.length >= STREAM_HEADER_BYTES) {
      const length = data.readUInt32BE(4);
      if (data.length < STREAM_HEADER_BYTES + length) break;
      const payload = data.subarray(STREAM_HEADER_BYTES, STREAM_HEADER_BYTES + length);
      if (data.readUInt8(0) === STDERR_STREAM) this.#keepStderr(payload);
      else for (const frame of this.#decoder.push(payload)) this.#deliver(frame);
      data = data.subarray(STREAM_HEADER_BYTES + length);
    }
    this.#pending = data;
  }

  #deliver(frame: Frame): void {
    if (this.#listener === undefined) this.#waiting.push(frame);
    else this.#listener.onFrame(frame);
  }

  #keepStderr(bytes: Buffer): void {
    this.#stderr = (this.#stderr + bytes.toString('utf8')).slice(-MAX_STDERR_CHARACTERS);
  }

  #finish(error: Error | null): void {
    if (this.#end !== undefined) return;
    this.#end = { error, supervisorStderr: this.#stderr };
    this.#listener?.onEnd(this.#end);
  }
}
