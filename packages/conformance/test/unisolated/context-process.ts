import { Buffer } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import { deferred, RUNNER_INTERRUPT, type Deferred } from '@sandport/provider-kit';
import type { Language } from '@sandport/core';
import { ignoreBrokenPipe } from './broken-pipe.ts';
import type { Habits } from './habits.ts';
import { endOf, OutputReader, type TakeOutput } from './output-reader.ts';
import { sendSignal } from './process-end.ts';
import type { ProgramExit, ProgramHandle } from './program-handle.ts';

/** Milliseconds that an interrupted interpreter has to yield. */
const YIELD_MS = 500;
/** Milliseconds for which streams that somebody else still holds are read after the interpreter has ended. */
const DRAIN_MS = 250;
/** Milliseconds after which output that a cell flushed before its report has surely come. */
const FLUSHED_MS = 5;
const REPORT_HEADER_BYTES = 5;

/** How a cell ended: with a report, or with its interpreter. */
export type CellEnd = { readonly report: Buffer } | { readonly exit: ProgramExit };

/** An interpreter that takes one cell after the other. */
export class ContextProcess {
  readonly #language: Language;
  readonly #handle: ProgramHandle;
  readonly #habits: Habits;
  readonly #output: OutputReader;
  #received = Buffer.alloc(0);
  #isReady = false;
  #cell: Deferred<CellEnd> | null = null;
  #exit: ProgramExit | null = null;
  /** Settles when the interpreter is gone. */
  readonly ended: Promise<void>;

  constructor(language: Language, handle: ProgramHandle, habits: Habits) {
    this.#language = language;
    this.#handle = handle;
    this.#habits = habits;
    handle.stdin.on('error', ignoreBrokenPipe).end();
    handle.job.on('error', ignoreBrokenPipe);
    handle.report.on('data', (piece: Buffer) => this.#takeReport(piece)).resume();
    this.#output = new OutputReader(handle);
    this.ended = this.#end();
  }

  get hasEnded(): boolean {
    return this.#exit !== null;
  }

  /** Runs one cell. The output goes to `take` until the cell is over. */
  async run(job: Uint8Array, take: TakeOutput): Promise<CellEnd> {
    const cell = deferred<CellEnd>();
    this.#cell = cell;
    this.#output.give(take);
    this.#handle.job.write(job);
    if (this.#exit !== null) cell.resolve({ exit: this.#exit });
    const end = await cell.promise;
    this.#cell = null;
    await this.#output.quiet(FLUSHED_MS);
    this.#output.give(null);
    return end;
  }

  /** As Ctrl-C does. */
  interrupt(): void {
    const { interrupt } = this.#habits.contexts;
    if (this.#cell === null || interrupt === null || this.#exit !== null) return;
    if (this.#language === 'javascript' && interrupt === 'SIGINT') this.#handle.job.write(RUNNER_INTERRUPT);
    else sendSignal(-this.#handle.pid, interrupt);
  }

  /** Interrupts the cell, and ends an interpreter that does not yield. */
  stopCell(): void {
    const cell = this.#cell;
    this.interrupt();
    if (this.#habits.contexts.endsStubborn) {
      setTimeout(() => {
        if (cell !== null && this.#cell === cell) this.kill();
      }, YIELD_MS);
    }
  }

  kill(): void {
    sendSignal(-this.#handle.pid, 'SIGKILL');
  }

  async #end(): Promise<void> {
    const { stdin, stdout, stderr, report, job, exited } = this.#handle;
    const exit = await exited;
    this.kill();
    // What it reported and printed before it ended counts.
    await Promise.race([endOf(report), delay(DRAIN_MS)]);
    await this.#output.quiet(DRAIN_MS);
    this.#exit = exit;
    this.#cell?.resolve({ exit });
    for (const stream of [stdin, stdout, stderr, report, job]) stream.destroy();
  }

  #takeReport(piece: Buffer): void {
    this.#received = Buffer.concat([this.#received, piece]);
    if (!this.#isReady && this.#received.length > 0) {
      this.#isReady = true;
      this.#received = this.#received.subarray(1);
    }
    if (this.#received.length < REPORT_HEADER_BYTES) return;
    const reportBytes = REPORT_HEADER_BYTES + this.#received.readUInt32BE(1);
    if (this.#received.length < reportBytes) return;
    this.#cell?.resolve({ report: this.#received.subarray(0, reportBytes) });
    this.#received = this.#received.subarray(reportBytes);
  }
}
