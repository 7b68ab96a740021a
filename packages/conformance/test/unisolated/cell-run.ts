import type { ExecutionRequest } from '@sandport/core';
import { encodeRunnerJob, parseRunnerReport, type RunFacts, type RunnerReport } from '@sandport/provider-kit';
import type { CellEnd, ContextProcess } from './context-process.ts';
import type { Habits } from './habits.ts';
import { NO_ISOLATION, type FinishedRun, type RunningThing } from './program-run.ts';
import { RunWatch } from './run-watch.ts';

/** Runs one cell in an interpreter that is there already. */
export class CellRun implements RunningThing {
  readonly #request: ExecutionRequest;
  readonly #process: ContextProcess;
  readonly #watch: RunWatch;
  #sandboxEnd: RunFacts['sandboxEnd'] = null;

  constructor(request: ExecutionRequest, process: ContextProcess, habits: Habits) {
    this.#request = request;
    this.#process = process;
    this.#watch = new RunWatch(request, habits, () => process.stopCell());
  }

  async finish(startedAt: number, signal: AbortSignal | undefined): Promise<FinishedRun> {
    const runsSince = performance.now();
    this.#watch.begin(signal);
    const end = await this.#process.run(encodeRunnerJob(this.#request), (stream, piece) => this.#watch.take(stream, piece));
    const { runMs, ...ends } = await this.#watch.finish();
    return {
      facts: {
        isolation: { kind: 'isolation', observer: 'host', ...NO_ISOLATION },
        ...ends,
        outOfMemory: null,
        limits: [],
        interpreterLives: 'report' in end,
        exit: exitOf(end),
        sandboxEnd: this.#sandboxEnd,
        report: reportOf(end),
      },
      printed: this.#watch.printed,
      clock: { queueMs: 0, claimMs: 0, startMs: runsSince - startedAt, runMs },
    };
  }

  endForOther(): void {
    this.#watch.giveUpListener();
    this.#process.stopCell();
  }

  endWithSandbox(): void {
    this.#watch.giveUpListener();
    this.#sandboxEnd = { kind: 'sandbox-end', observer: 'host', exitCode: null };
    this.#process.kill();
  }
}

function reportOf(end: CellEnd): RunnerReport {
  return 'report' in end ? parseRunnerReport(end.report) : { state: 'empty' };
}

function exitOf(end: CellEnd): RunFacts['exit'] {
  return 'exit' in end ? { kind: 'exit', observer: 'host', ...end.exit } : null;
}
