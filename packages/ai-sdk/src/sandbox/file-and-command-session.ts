import { Buffer } from 'node:buffer';
import { SandboxError, type CallOptions, type Sandbox } from '@sandport/core';
import type { Experimental_SandboxSession } from 'ai';
import { withAbortReason } from './abort-reason.ts';
import { checkInput, commandSchema, pathSchema, readTextSchema, refusedField, writeSchema } from './check-input.ts';
import { linesOf } from './lines-of.ts';
import { deleteFile, listFolder, statPath, type Command } from './program/session-program.ts';
import type {
  CommandCallOptions,
  FolderEntry,
  PathCallOptions,
  PathStat,
  ReadTextCallOptions,
  SpawnCallOptions,
  WriteCallOptions,
  WriteTextCallOptions,
} from './session-calls.ts';
import { pathInWorkFolder } from './session-path.ts';
import type { SessionPrograms } from './session-programs.ts';
import { SpawnedProcess, WritableSpawnedProcess } from './spawned-process.ts';

/** What a session works with. */
export interface SessionParts {
  readonly sandbox: Sandbox;
  readonly programs: SessionPrograms;
  readonly description: string;
  /** Absolute path, where it is known. */
  readonly workFolder: string | undefined;
}

/** A sandbox as tools of the AI SDK have it: files and commands, and nothing that ends it. */
export class FileAndCommandSession implements Experimental_SandboxSession {
  readonly description: string;
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.description = parts.description;
  }

  async run(options: CommandCallOptions): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const { command, signal } = this.#commandOf(options);
    return withAbortReason(signal, async () => {
      const { exitCode, result } = await this.#parts.programs.runCommand(command, { signal });
      return { exitCode, stdout: result.stdout, stderr: result.stderr };
    });
  }

  spawn(options: SpawnCallOptions & { stdin: true }): Promise<WritableSpawnedProcess>;
  spawn(options: SpawnCallOptions): Promise<SpawnedProcess>;
  async spawn(options: SpawnCallOptions): Promise<SpawnedProcess> {
    const { command, signal, stdin } = this.#commandOf(options);
    signal?.throwIfAborted();
    const kind = stdin ? WritableSpawnedProcess : SpawnedProcess;
    return new kind((call) => this.#parts.programs.runCommand(command, call), signal);
  }

  async readFile(options: PathCallOptions): Promise<ReadableStream<Uint8Array> | null> {
    const { path, signal } = this.#pathOf(options);
    const pieces = this.#parts.sandbox.readFileStream(path, { signal })[Symbol.asyncIterator]();
    const first = await orNull(signal, () => pieces.next());
    return first === null ? null : streamOf(first, pieces);
  }

  async readBinaryFile(options: PathCallOptions): Promise<Uint8Array | null> {
    const { path, signal } = this.#pathOf(options);
    return orNull(signal, () => this.#parts.sandbox.readFile(path, { signal }));
  }

  async readTextFile(options: ReadTextCallOptions): Promise<string | null> {
    const { encoding, startLine, endLine } = checkInput(readTextSchema, options);
    const content = await this.readBinaryFile(options);
    return content === null ? null : linesOf(Buffer.from(content).toString(encoding), startLine, endLine);
  }

  async writeFile(options: WriteCallOptions<ReadableStream<Uint8Array>>): Promise<void> {
    if (!(options.content instanceof ReadableStream)) throw refusedField('content', 'must be a stream of bytes');
    await this.#write(options, options.content);
  }

  async writeBinaryFile(options: WriteCallOptions<Uint8Array>): Promise<void> {
    if (!(options.content instanceof Uint8Array)) throw refusedField('content', 'must be bytes');
    await this.#write(options, options.content);
  }

  async writeTextFile(options: WriteTextCallOptions): Promise<void> {
    if (typeof options.content !== 'string') throw refusedField('content', 'must be a text');
    await this.#write(options, Buffer.from(options.content, checkInput(writeSchema, options).encoding));
  }

  async stat(options: PathCallOptions): Promise<PathStat | null> {
    const { path, abortSignal: signal } = checkInput(pathSchema, options);
    return withAbortReason(signal, async () => (await this.#parts.programs.ask(statPath(path), 'stat', signal)).found);
  }

  async listDirectory(options: PathCallOptions): Promise<FolderEntry[] | null> {
    const { path, abortSignal: signal } = checkInput(pathSchema, options);
    return withAbortReason(signal, async () => (await this.#parts.programs.ask(listFolder(path), 'listDirectory', signal)).entries);
  }

  async deleteFile(options: PathCallOptions): Promise<boolean> {
    const { path, abortSignal: signal } = checkInput(pathSchema, options);
    return withAbortReason(signal, async () => (await this.#parts.programs.ask(deleteFile(path), 'deleteFile', signal)).isDeleted);
  }

  async #write(options: { path: string }, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const { path, signal } = this.#pathOf(options);
    await withAbortReason(signal, () => this.#parts.sandbox.writeFile(path, content, { signal }));
  }

  #pathOf(options: unknown): CallOptions & { readonly path: string } {
    const { path, abortSignal: signal } = checkInput(pathSchema, options);
    return { path: pathInWorkFolder(path, this.#parts.workFolder), signal };
  }

  #commandOf(options: unknown): CallOptions & { readonly command: Command; readonly stdin: boolean } {
    const { command: text, workingDirectory = '.', env: environment = {}, abortSignal: signal, stdin } = checkInput(commandSchema, options);
    this.#parts.programs.checkCommand({ hasInput: stdin });
    return { command: { text, workingDirectory, environment }, signal, stdin };
  }
}

/** The interface tells a file that is not there from other failures by `null`. */
async function orNull<Content>(signal: AbortSignal | undefined, read: () => Promise<Content>): Promise<Content | null> {
  try {
    return await withAbortReason(signal, read);
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === 'FILE_NOT_FOUND') return null;
    throw error;
  }
}

/** The sandbox serves others when the stream is read to its end, or cancelled. Nothing is read ahead. */
function streamOf(first: IteratorResult<Uint8Array, unknown>, pieces: AsyncIterator<Uint8Array, unknown>): ReadableStream<Uint8Array> {
  let next: IteratorResult<Uint8Array, unknown> | undefined = first;
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const piece = next ?? (await pieces.next());
        next = undefined;
        if (piece.done === true) controller.close();
        else controller.enqueue(piece.value);
      },
      cancel: async () => {
        await pieces.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
