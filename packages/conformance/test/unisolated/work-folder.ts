import { Buffer } from 'node:buffer';
import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describePathProblem, SandboxError, type FileContent } from '@sandport/core';
import { deferred } from '@sandport/provider-kit';
import type { Habits } from './habits.ts';
import { letGoOf } from './input-pump.ts';

const PIECE_BYTES = 256 * 1024;
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;
const READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** The folder of one sandbox. */
export class WorkFolder {
  readonly path: string;
  readonly #habits: Habits;

  constructor(path: string, habits: Habits) {
    this.path = path;
    this.#habits = habits;
  }

  /** @throws SandboxError `REQUEST_INVALID` when the path may not be used. */
  check(given: string): string {
    const path = this.#habits.cleanPath(given);
    const problem = describePathProblem(path);
    if (problem === undefined) return path;
    throw refused(problem);
  }

  async write(path: string, content: FileContent, signal?: AbortSignal): Promise<void> {
    const file = await this.#openForWriting(path);
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(this.#habits.carry(Buffer.from(content)));
      else await this.#writePieces(file, content, signal);
    } finally {
      await file.close();
    }
  }

  async *read(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const file = await this.#openForReading(path);
    try {
      const { size } = await file.stat();
      const enough = this.#habits.streams.filePieces === 'all' ? size : size - 1;
      for (let at = 0; at < enough;) {
        if (this.#habits.streams.hearsAbort) throwIfAborted(signal);
        const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(PIECE_BYTES, size - at)), 0, null, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield this.#habits.carry(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  }

  /** Forgets everything but what a run needs to start. */
  async clear(): Promise<void> {
    for (const name of await readdir(this.path)) await rm(join(this.path, name), { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }

  async #writePieces(file: FileHandle, content: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<void> {
    const { hearsAbort, tellsContentFailure, filePieces, letsGo } = this.#habits.streams;
    const iterator = content[Symbol.asyncIterator]();
    const aborted = deferred<'aborted'>();
    const onAbort = () => aborted.resolve('aborted');
    if (hearsAbort) signal?.addEventListener('abort', onAbort, { once: true });
    if (hearsAbort && signal?.aborted === true) onAbort();
    let isOpen = true;
    let kept: Uint8Array | undefined;
    try {
      for (;;) {
        const step = await Promise.race([nextOf(iterator), aborted.promise]);
        if (step === 'aborted') throw cancelled();
        isOpen = 'piece' in step;
        if ('thrown' in step && tellsContentFailure) throw step.thrown;
        if (!('piece' in step)) return;
        const piece = filePieces === 'all' ? step.piece : kept;
        kept = step.piece;
        if (piece !== undefined) await file.writeFile(this.#habits.carry(piece));
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      if (isOpen && letsGo) letGoOf(iterator);
    }
  }

  async #openForWriting(path: string): Promise<FileHandle> {
    const name = join(this.path, path);
    try {
      await this.#refuseLinks(path);
      await mkdir(dirname(name), { recursive: true });
      return await this.#expectRegular(await open(name, WRITE | this.#noFollow));
    } catch (error) {
      throw refused('nothing can be written there', error);
    }
  }

  async #openForReading(path: string): Promise<FileHandle> {
    try {
      await this.#refuseLinks(path);
      return await this.#expectRegular(await open(join(this.path, path), READ | this.#noFollow));
    } catch (error) {
      throw new SandboxError('FILE_NOT_FOUND', `path: the sandbox has no file "${path}".`, { cause: error, details: { field: 'path' } });
    }
  }

  get #noFollow(): number {
    return this.#habits.links === 'follow' ? 0 : constants.O_NOFOLLOW;
  }

  async #expectRegular(file: FileHandle): Promise<FileHandle> {
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error('It is no regular file.');
  }

  async #refuseLinks(path: string): Promise<void> {
    if (this.#habits.links === 'follow') return;
    const parts = path.split('/');
    for (const index of parts.keys()) {
      const part = join(this.path, ...parts.slice(0, index + 1));
      if ((await factsOf(part))?.isSymbolicLink() === true) throw new Error(`${part} is a link`);
    }
  }
}

async function factsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The next piece of a stream, its end, or what it threw. */
async function nextOf(
  iterator: AsyncIterator<Uint8Array>,
): Promise<{ readonly piece: Uint8Array } | { readonly thrown: unknown } | { readonly isAtItsEnd: true }> {
  try {
    const step = await iterator.next();
    return step.done === true ? { isAtItsEnd: true } : { piece: bytesOf(step.value) };
  } catch (thrown) {
    return { thrown };
  }
}

function bytesOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  throw new SandboxError('REQUEST_INVALID', 'content: a piece of the stream is no bytes.', { details: { field: 'content' } });
}

function refused(problem: string, cause?: unknown): SandboxError {
  const options = { details: { field: 'path' }, ...(cause === undefined ? {} : { cause }) };
  return new SandboxError('REQUEST_INVALID', `path: ${problem}.`, options);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled();
}

function cancelled(): SandboxError {
  return new SandboxError('CANCELLED', 'The call was withdrawn.');
}
