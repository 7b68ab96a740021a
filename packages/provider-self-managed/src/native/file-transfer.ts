import { Buffer } from 'node:buffer';
import type { CallOptions, FileContent } from '@sandport/core';
import { MEDIA_TYPES } from '@sandport/executor-api';
import { NO_ANSWER_IN_TIME, piecesOf } from '@sandport/provider-kit';
import { ExecutorFailure } from '../http/executor-failure.ts';
import { nextWithin } from '../http/read-lines.ts';
import { cancelledError, SELF_MANAGED_TERMS } from '../self-managed-errors.ts';
import type { LineRequest, SandboxLine } from './sandbox-line.ts';

/** Writes and reads files of one sandbox, one at a time: whoever calls sees to it. */
export class FileTransfer {
  readonly #line: SandboxLine;

  constructor(line: SandboxLine) {
    this.#line = line;
  }

  async write(path: string, content: FileContent, { signal }: CallOptions): Promise<void> {
    if (typeof content !== 'string' && !(content instanceof Uint8Array)) return this.#writeStream(path, content, signal);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    // A slow way takes its time for a large file.
    const timeoutMs = this.#line.client.requestTimeoutMs + bytes.byteLength / 1024;
    await this.#line.call(writeRequest(path, bytes), { signal, isSafe: true, timeoutMs });
    return undefined;
  }

  /** As fast as the sandbox takes it. What the stream itself takes its time for is not counted. */
  async #writeStream(path: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<void> {
    const stopping = new AbortController();
    const onAbort = (): void => stopping.abort(cancelledError('write file', signal));
    signal?.addEventListener('abort', onAbort, { once: true });
    const patience = this.#patience('write file', stopping);
    let failure: { readonly error: unknown } | undefined;
    const pieces = async function* watched(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for await (const piece of piecesOf(SELF_MANAGED_TERMS, content, 'content', stopping.signal)) {
          patience.begin();
          yield piece;
          patience.end();
        }
        patience.begin();
      } catch (error) {
        failure ??= { error };
        throw error;
      }
    };
    try {
      const answer = await this.#line.open(writeRequest(path, pieces()), stopping.signal);
      answer.discard();
    } catch (error) {
      throw stopping.signal.aborted || failure === undefined ? error : failure.error;
    } finally {
      patience.end();
      signal?.removeEventListener('abort', onAbort);
      stopping.abort();
    }
  }

  /** Breaks a request off for which the executor takes too long, between `begin` and `end`. */
  #patience(action: string, stopping: AbortController): { readonly begin: () => void; readonly end: () => void } {
    let timer: NodeJS.Timeout | undefined;
    const giveUp = (): void => {
      stopping.abort(this.#line.errorOf(this.#failure('unreachable', NO_ANSWER_IN_TIME, action), action, undefined));
    };
    const end = (): void => clearTimeout(timer);
    const begin = (): void => {
      end();
      timer = setTimeout(giveUp, this.#line.client.requestTimeoutMs);
    };
    return { begin, end };
  }

  async read(path: string, options: CallOptions): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.readStream(path, options)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** A file in pieces. One whose end is not sure to be its end is not taken for whole. */
  async *readStream(path: string, { signal }: CallOptions): AsyncGenerator<Uint8Array, void, undefined> {
    const stopping = new AbortController();
    const onAbort = (): void => stopping.abort(cancelledError('read file', signal));
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const iterator = await this.#openFile(path, stopping);
      for (;;) {
        const step = await this.#next(iterator, stopping.signal);
        if (step.done === true) return;
        yield step.value;
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      stopping.abort();
    }
  }

  async #openFile(path: string, stopping: AbortController): Promise<AsyncIterator<Uint8Array>> {
    const request: LineRequest = {
      action: 'read file',
      method: 'GET',
      route: 'sandboxFile',
      query: queryOf(path),
      accept: MEDIA_TYPES.bytes,
    };
    const patience = this.#patience('read file', stopping);
    patience.begin();
    try {
      const answer = await this.#line.open(request, stopping.signal);
      if (answer.mediaType === MEDIA_TYPES.bytes && answer.hasKnownEnd) return answer.body[Symbol.asyncIterator]();
      answer.discard();
      throw this.#line.errorOf(this.#failure('unreadable', 'NOT_A_FILE'), 'read file', undefined);
    } finally {
      patience.end();
    }
  }

  async #next(iterator: AsyncIterator<Uint8Array>, signal: AbortSignal): Promise<IteratorResult<Uint8Array>> {
    const { client } = this.#line;
    const toFailure = (kind: 'unreadable' | 'unreachable', code: string): ExecutorFailure => this.#failure(kind, code);
    try {
      return await nextWithin(iterator, { silenceMs: client.requestTimeoutMs, toFailure });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const known =
        error instanceof ExecutorFailure ? error : client.failureOf({ action: 'read file', endpoint: this.#line.endpoint }, error, signal);
      throw this.#line.errorOf(known, 'read file', undefined);
    }
  }

  #failure(kind: 'unreadable' | 'unreachable', code: string, action = 'read file'): ExecutorFailure {
    return new ExecutorFailure({ action, host: this.#line.endpoint.host, kind, code });
  }
}

function writeRequest(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): LineRequest {
  return { action: 'write file', method: 'PUT', route: 'sandboxFile', query: queryOf(path), body: { type: MEDIA_TYPES.bytes, content } };
}

function queryOf(path: string): string {
  return `?path=${encodeURIComponent(path)}`;
}
