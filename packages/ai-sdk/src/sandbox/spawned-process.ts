import { Buffer } from 'node:buffer';
import { constants } from 'node:os';
import type { OutputChunk, OutputStream } from '@sandport/core';
import type { Experimental_SandboxProcess } from 'ai';
import type { CommandCall, CommandExit } from './session-programs.ts';

/** Runs a command that was spawned. */
export type SpawnedRun = (call: CommandCall) => Promise<CommandExit>;

/** What a shell says of a process that SIGKILL ended. */
const KILLED_EXIT_CODE = 128 + constants.signals.SIGKILL;

/**
 * A command whose output is read while it runs. What nobody reads is kept until somebody does; the output limit of the command bounds it.
 */
export class SpawnedProcess implements Experimental_SandboxProcess {
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly #controllers = new Map<OutputStream, ReadableStreamDefaultController<Uint8Array>>();
  readonly #killing = new AbortController();
  readonly #end: Promise<() => { exitCode: number }>;

  /** @param abortSignal Of the caller: when it fires, the command is ended and `wait` rejects with its reason. */
  constructor(run: SpawnedRun, abortSignal: AbortSignal | undefined) {
    this.stdout = this.#openStream('stdout');
    this.stderr = this.#openStream('stderr');
    this.#end = this.#watch(run, abortSignal);
  }

  async wait(): Promise<{ exitCode: number }> {
    return (await this.#end)();
  }

  async kill(): Promise<void> {
    this.#killing.abort();
    await this.#end;
  }

  /** Never rejects: nobody has to wait. It resolves with what `wait` gives or throws. */
  async #watch(run: SpawnedRun, abortSignal: AbortSignal | undefined): Promise<() => { exitCode: number }> {
    const signal = abortSignal === undefined ? this.#killing.signal : AbortSignal.any([this.#killing.signal, abortSignal]);
    try {
      const { exitCode } = await run({ signal, onOutput: (chunk) => this.#hand(chunk) });
      this.#endStreams((controller) => controller.close());
      return () => ({ exitCode });
    } catch (error) {
      if (this.#killing.signal.aborted) {
        this.#endStreams((controller) => controller.close());
        return () => ({ exitCode: KILLED_EXIT_CODE });
      }
      const reason: unknown = abortSignal?.aborted === true ? abortSignal.reason : error;
      this.#endStreams((controller) => controller.error(reason));
      return () => {
        throw reason;
      };
    }
  }

  #hand({ stream, text }: OutputChunk): void {
    this.#controllers.get(stream)?.enqueue(Buffer.from(text));
  }

  #openStream(stream: OutputStream): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controllers.set(stream, controller);
      },
      // Who does not want one stream lets the command go on.
      cancel: () => {
        this.#controllers.delete(stream);
      },
    });
  }

  #endStreams(end: (controller: ReadableStreamDefaultController<Uint8Array>) => void): void {
    for (const controller of this.#controllers.values()) end(controller);
    this.#controllers.clear();
  }
}

/** A process that reads what is written to it. */
export class WritableSpawnedProcess extends SpawnedProcess {
  /** Closing it is the end of the process's input. A write waits for the process to read, and fails when it has ended. */
  readonly stdin: WritableStream<Uint8Array>;

  constructor(run: SpawnedRun, abortSignal: AbortSignal | undefined) {
    const input = new TransformStream<Uint8Array, Uint8Array>();
    const reader = input.readable.getReader();
    super(async (call) => {
      try {
        return await run({ ...call, stdin: piecesOf(reader) });
      } finally {
        await reader.cancel(new Error('The process has ended and takes no more input.'));
      }
    }, abortSignal);
    this.stdin = input.writable;
  }
}

async function* piecesOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
}
