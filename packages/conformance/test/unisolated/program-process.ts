import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Habits } from './habits.ts';
import type { ProgramExit, ProgramHandle } from './program-handle.ts';

/** Milliseconds for which streams that somebody else still holds are read after the program has ended. */
const DRAIN_MS = 250;

/** A runner of the host while it runs and ends. */
export class ProgramProcess {
  /** Settles when the program has ended and its output has been read. */
  readonly ended: Promise<ProgramExit>;
  readonly #handle: ProgramHandle;
  readonly #children: Habits['children'];
  readonly #report: Buffer[] = [];
  readonly #isReady: Promise<unknown>;
  #hasExited = false;

  constructor(handle: ProgramHandle, children: Habits['children']) {
    this.#handle = handle;
    this.#children = children;
    handle.job.on('error', ignoreBrokenPipe);
    handle.report.on('data', (piece: Buffer) => this.#report.push(piece)).resume();
    this.#isReady = Promise.race([once(handle.report, 'data'), once(handle.report, 'end')]);
    this.ended = this.#end();
  }

  /** Waits until the runner reads, and hands the job over. */
  async start(job: Uint8Array): Promise<void> {
    await this.#isReady;
    this.#handle.job.end(job);
  }

  /** Everything on the report channel after the ready byte. */
  get report(): Buffer {
    return Buffer.concat(this.#report).subarray(1);
  }

  onOutput(listen: (stream: 'stdout' | 'stderr', piece: Buffer) => void): void {
    for (const name of ['stdout', 'stderr'] as const) this.#handle[name].on('data', (piece: Buffer) => listen(name, piece)).resume();
  }

  /** Ends the program and, unless children are kept, everything in its process group. */
  kill(): void {
    if (this.#children === 'end') this.#signal(-this.#handle.pid);
    else if (!this.#hasExited) this.#signal(this.#handle.pid);
  }

  async #end(): Promise<ProgramExit> {
    const { stdout, stderr, report, job, exited } = this.#handle;
    const closed = Promise.all([stdout, stderr, report].map(closeOf));
    const exit = await exited;
    this.#hasExited = true;
    if (this.#children === 'end') this.kill();
    await (this.#children === 'await' ? closed : Promise.race([closed, delay(DRAIN_MS)]));
    for (const stream of [stdout, stderr, report, job]) stream.destroy();
    return exit;
  }

  #signal(target: number): void {
    try {
      process.kill(target, 'SIGKILL');
    } catch (error) {
      // ESRCH: nobody is left.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

function closeOf(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once('end', resolve).once('close', resolve);
  });
}

/** A program that ends before it has read its job breaks the pipe; how it ended says more. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error;
}
