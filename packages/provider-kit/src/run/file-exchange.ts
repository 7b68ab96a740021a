import { Buffer } from 'node:buffer';
import type { CallOptions, FileContent } from '@sandport/core';
import { exchange, endedError } from '../supervisor/conversation.ts';
import { encodeFrame, FRAME, type Frame } from '../supervisor/frame-codec.ts';
import type { SupervisorConnection } from '../supervisor/supervisor-connection.ts';
import {
  acknowledgeSchema,
  FILE_CHUNK_BYTES,
  fileStartSchema,
  readFileFrame,
  readMoreFrame,
  writeFileFrames,
  writePieceFrame,
} from '../supervisor/supervisor-messages.ts';
import { refusedRead, refusedWrite } from './file-errors.ts';
import { brokenProtocolError, cancelledError } from './run-errors.ts';
import { piecesOf } from './stream-pieces.ts';

/** Bytes of a file that may be under way to a reader that has not taken them yet. */
const READ_WINDOW_BYTES = 4 * FILE_CHUNK_BYTES;

/** Writes and reads files of a sandbox in which no program of ours runs. One exchange at a time: whoever calls sees to it. */
export class FileExchange {
  readonly #connection: SupervisorConnection;

  constructor(connection: SupervisorConnection) {
    this.#connection = connection;
  }

  async write(path: string, content: FileContent, { signal }: CallOptions): Promise<void> {
    if (typeof content === 'string') return this.#send(writeFileFrames(path, Buffer.from(content), false), signal);
    if (content instanceof Uint8Array) return this.#send(writeFileFrames(path, content, false), signal);
    return this.#writeStream(path, content, signal);
  }

  async #writeStream(path: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<void> {
    const stopping = new AbortController();
    const onAbort = (): void => stopping.abort(cancelledError(this.#connection.terms, 'write file', signal));
    signal?.addEventListener('abort', onAbort, { once: true });
    const forget = this.#connection.whenOver((end) => stopping.abort(endedError(this.#connection.terms, 'write file', end)));
    let isFirst = true;
    try {
      for await (const bytes of piecesOf(this.#connection.terms, content, 'content', stopping.signal)) {
        for (let offset = 0; offset < bytes.byteLength; offset += FILE_CHUNK_BYTES) {
          const piece = bytes.subarray(offset, offset + FILE_CHUNK_BYTES);
          this.#connection.send([writePieceFrame(path, piece, { isFirst, isLast: false })]);
          isFirst = false;
          await this.#connection.whenDrained();
        }
      }
    } catch (error) {
      // The last piece closes the file in the supervisor's eyes, so that the next one begins anew.
      if (this.#connection.isOpen && !isFirst)
        await this.#send([writePieceFrame(path, new Uint8Array(), { isFirst, isLast: true })], undefined);
      throw error;
    } finally {
      forget();
      signal?.removeEventListener('abort', onAbort);
    }
    await this.#send([writePieceFrame(path, new Uint8Array(), { isFirst, isLast: true })], signal);
  }

  async read(path: string, options: CallOptions): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.readStream(path, options)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** Reads a file in pieces, as fast as they are taken. */
  async *readStream(path: string, { signal }: CallOptions): AsyncGenerator<Uint8Array, void, undefined> {
    const inbox: Frame[] = [];
    const next = (frames: readonly Uint8Array[]): Promise<Frame> => {
      const ready = inbox.shift();
      if (ready !== undefined) {
        this.#connection.send(frames);
        return Promise.resolve(ready);
      }
      let first: Frame | undefined;
      return exchange(this.#connection, {
        operation: 'read file',
        signal,
        frames,
        read: (frame) => {
          if (first === undefined) first = frame;
          else inbox.push(frame);
          return first;
        },
      });
    };
    let isOver = false;
    try {
      const start = fileStartSchema.parse(JSON.parse(this.#startOf(await next([readFileFrame(path, READ_WINDOW_BYTES)])).toString('utf8')));
      if (start.failure !== null) throw refusedRead(this.#connection.terms, start.failure);
      let credit: readonly Uint8Array[] = [];
      for (;;) {
        const frame = await next(credit);
        isOver = frame.type === FRAME.fileEnd;
        if (isOver) return;
        yield frame.payload;
        credit = [readMoreFrame(frame.payload.length)];
      }
    } finally {
      if (!isOver && this.#connection.isOpen) await this.#letGo(inbox);
    }
  }

  #startOf(frame: Frame): Buffer {
    if (frame.type === FRAME.fileStart) return frame.payload;
    throw brokenProtocolError(this.#connection.terms, 'read file');
  }

  /** Nobody wants the rest: what is under way is thrown away. */
  async #letGo(inbox: readonly Frame[]): Promise<void> {
    if (inbox.some((frame) => frame.type === FRAME.fileEnd)) return;
    await exchange(this.#connection, {
      operation: 'read file',
      frames: [encodeFrame(FRAME.readStop)],
      read: (frame) => (frame.type === FRAME.fileEnd ? true : undefined),
    });
  }

  async #send(frames: readonly Uint8Array[], signal: AbortSignal | undefined): Promise<void> {
    const acknowledge = await exchange(this.#connection, {
      operation: 'write file',
      signal,
      frames,
      read: (frame) => (frame.type === FRAME.acknowledge ? acknowledgeSchema.parse(JSON.parse(frame.payload.toString('utf8'))) : undefined),
    });
    if (acknowledge.failure !== null) throw refusedWrite(this.#connection.terms, acknowledge.failure);
  }
}
