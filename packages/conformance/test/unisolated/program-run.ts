import type { ExecutionRequest, PhaseClock } from '@sandport/core';
import { encodeRunnerJob, parseRunnerReport, type RunFacts } from '@sandport/provider-kit';
import type { Habits } from './habits.ts';
import { ProgramProcess } from './program-process.ts';
import type { ProgramHandle } from './program-handle.ts';
import { RunWatch } from './run-watch.ts';

/** What a run left, before it is judged. */
export interface FinishedRun {
  readonly facts: RunFacts;
  readonly printed: RunWatch['printed'];
  readonly clock: Omit<PhaseClock, 'collectMs' | 'totalMs'>;
}

/** A program or a cell that is started for a call. */
export interface RunningThing {
  /** Runs it to its end. `startedAt` is when it was asked for. */
  finish(startedAt: number, signal: AbortSignal | undefined): Promise<FinishedRun>;
  /** Ends it because its sandbox ends; the call then settles with how it ended. */
  endWithSandbox(): void;
  /** Ends it because somebody else takes the sandbox over. */
  endForOther(): void;
}

/** Runs a program once and ends it when a limit or its caller says so. */
export class ProgramRun implements RunningThing {
  readonly #request: ExecutionRequest;
  readonly #habits: Habits;
  readonly #process: ProgramProcess;
  readonly #watch: RunWatch;
  #sandboxEnd: RunFacts['sandboxEnd'] = null;

  constructor(request: ExecutionRequest, handle: ProgramHandle, habits: Habits) {
    this.#request = request;
    this.#habits = habits;
    this.#process = new ProgramProcess(handle, habits);
    this.#watch = new RunWatch(request, habits, () => this.#process.kill());
    this.#process.onOutput((stream, piece) => this.#watch.take(stream, piece));
  }

  async finish(startedAt: number, signal: AbortSignal | undefined): Promise<FinishedRun> {
    if (this.#habits.streams.input === 'collected-first') await this.#feed();
    await this.#process.start(encodeRunnerJob({ ...this.#request, ...this.#habits.programOf(this.#request) }));
    const runsSince = performance.now();
    this.#watch.begin(signal);
    if (this.#habits.streams.input !== 'collected-first') void this.#feed();
    const { exitCode, signal: endSignal } = await Promise.race([this.#process.ended, this.#settlingAbort(signal)]);
    const { runMs, ...ends } = await this.#watch.finish();
    return {
      facts: {
        isolation: { kind: 'isolation', observer: 'host', ...NO_ISOLATION },
        ...ends,
        outOfMemory: null,
        limits: [],
        interpreterLives: false,
        exit: { kind: 'exit', observer: 'host', exitCode, signal: endSignal },
        sandboxEnd: this.#sandboxEnd,
        report: parseRunnerReport(this.#process.report),
      },
      printed: this.#watch.printed,
      clock: { queueMs: 0, claimMs: 0, startMs: runsSince - startedAt, runMs },
    };
  }

  endForOther(): void {
    this.#watch.giveUpListener();
    this.#process.kill();
  }

  endWithSandbox(): void {
    this.#watch.giveUpListener();
    this.#sandboxEnd = { kind: 'sandbox-end', observer: 'host', exitCode: null };
    this.#process.kill();
  }

  async #feed(): Promise<void> {
    try {
      await this.#process.feed(this.#request.stdin);
    } catch (error) {
      if (!this.#process.hasExited) this.#watch.fail(error);
    }
  }

  /** For a provider that only stops waiting: settles when the signal fires, while the program goes on. */
  #settlingAbort(signal: AbortSignal | undefined): Promise<{ exitCode: null; signal: null }> {
    return new Promise((resolve) => {
      if (!this.#habits.settlesOnAbort) return;
      const settle = () => resolve({ exitCode: null, signal: null });
      signal?.addEventListener('abort', settle, { once: true });
      if (signal?.aborted === true) settle();
    });
  }
}

/** A child process shares the kernel and everything else with the host; of the kinds of the contract, this is the nearest. */
export const NO_ISOLATION = { isolation: 'runc', measuredBy: 'nothing: this provider isolates nothing' } as const;
