import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionRequest } from '@sandport/core';
import { ignoreBrokenPipe } from './broken-pipe.ts';
import type { Habits } from './habits.ts';
import { InputPump } from './input-pump.ts';
import { endOf, OutputReader, type TakeOutput } from './output-reader.ts';
import { sendSignal } from './process-end.ts';
import type { ProgramExit, ProgramHandle } from './program-handle.ts';

/** Milliseconds for which streams that somebody else still holds are read after the program has ended. */
const DRAIN_MS = 250;

/** A runner of the host while it runs and ends. */
export class ProgramProcess {
  /** Settles when the program has ended and its output has been read. */
  readonly ended: Promise<ProgramExit>;
  readonly #handle: ProgramHandle;
  readonly #habits: Habits;
  readonly #report: Buffer[] = [];
  readonly #isReady: Promise<unknown>;
  readonly #isReported: Promise<void>;
  readonly #output: OutputReader;
  readonly #input: InputPump;
  #hasExited = false;

  constructor(handle: ProgramHandle, habits: Habits) {
    this.#handle = handle;
    this.#habits = habits;
    handle.job.on('error', ignoreBrokenPipe);
    handle.report.on('data', (piece: Buffer) => this.#report.push(piece)).resume();
    this.#isReported = endOf(handle.report);
    this.#isReady = Promise.race([once(handle.report, 'data'), this.#isReported]);
    this.#output = new OutputReader(handle);
    this.#input = new InputPump(handle.stdin, habits.streams);
    this.ended = this.#end();
  }

  /** Waits until the runner reads, and hands the job over. */
  async start(job: Uint8Array): Promise<void> {
    await this.#isReady;
    this.#handle.job.end(job);
  }

  /** Rejects with what the input stream threw while the program ran. */
  feed(input: ExecutionRequest['stdin']): Promise<void> {
    return this.#input.run(input);
  }

  /** Everything on the report channel after the ready byte. */
  get report(): Buffer {
    return Buffer.concat(this.#report).subarray(1);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  onOutput(take: TakeOutput): void {
    this.#output.give(take);
  }

  /** Ends the program and, unless children are kept, everything in its process group. */
  kill(): void {
    if (this.#habits.children === 'end') sendSignal(-this.#handle.pid, 'SIGKILL');
    else if (!this.#hasExited) sendSignal(this.#handle.pid, 'SIGKILL');
  }

  async #end(): Promise<ProgramExit> {
    const { stdin, stdout, stderr, report, job, exited } = this.#handle;
    const exit = await exited;
    this.#hasExited = true;
    this.#input.stop();
    if (this.#habits.children === 'end') this.kill();
    await Promise.race([this.#isReported, delay(DRAIN_MS)]);
    await (this.#habits.children === 'await' ? this.#output.closed : this.#output.quiet(DRAIN_MS));
    for (const stream of [stdin, stdout, stderr, report, job]) stream.destroy();
    return exit;
  }
}
