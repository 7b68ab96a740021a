import type { ExecutionRequest, OutputChunk, OutputStream, PhaseClock } from '@sandport/core';
import { encodeRunnerJob, parseRunnerReport, type RunFacts } from '@sandport/provider-kit';
import type { Habits } from './habits.ts';
import { ProgramProcess } from './program-process.ts';
import type { ProgramHandle } from './program-handle.ts';

/** What a run left, before it is judged. */
export interface FinishedRun {
  readonly facts: RunFacts;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean };
  readonly clock: Omit<PhaseClock, 'collectMs' | 'totalMs'>;
}

/** Runs a program once and ends it when a limit or its caller says so. */
export class ProgramRun {
  readonly #request: ExecutionRequest;
  readonly #habits: Habits;
  readonly #process: ProgramProcess;
  readonly #texts: Record<OutputStream, ReturnType<Habits['newText']>>;
  readonly #chunks: OutputChunk[] = [];
  #runsSince = 0;
  #timer: RunFacts['timer'] = null;
  #abort: RunFacts['abort'] = null;
  #outputLimit: RunFacts['outputLimit'] = null;
  #thrown: { readonly error: unknown } | null = null;

  constructor(request: ExecutionRequest, handle: ProgramHandle, habits: Habits) {
    this.#request = request;
    this.#habits = habits;
    const { outputBytes } = request.limits;
    this.#texts = { stdout: habits.newText(outputBytes), stderr: habits.newText(outputBytes) };
    this.#process = new ProgramProcess(handle, habits.children);
    this.#process.onOutput((stream, piece) => this.#takeOutput(stream, piece));
  }

  /** Runs the program to its end. `startedAt` is when its process was asked for. */
  async finish(startedAt: number, signal: AbortSignal | undefined): Promise<FinishedRun> {
    const program = { ...this.#request, ...this.#habits.programOf(this.#request) };
    await this.#process.start(encodeRunnerJob(program));
    this.#runsSince = performance.now();
    const timer = setTimeout(() => this.#timeOut(), this.#request.limits.timeoutMs);
    const onAbort = () => this.#takeAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    try {
      return await this.#watch(startedAt, signal);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends the program; the call then settles with how it ended. */
  kill(): void {
    this.#process.kill();
  }

  async #watch(startedAt: number, signal: AbortSignal | undefined): Promise<FinishedRun> {
    const end = await Promise.race([this.#process.ended, this.#settlingAbort(signal)]);
    const ranUntil = performance.now();
    for (const stream of ['stdout', 'stderr'] as const)
      this.#show(stream, this.#texts[stream].finish(this.#outputLimit?.stream === stream));
    if (this.#habits.callback === 'at-the-end') for (const chunk of this.#chunks) this.#callBack(chunk);
    if (this.#thrown !== null) throw this.#thrown.error;
    const { stdout, stderr } = this.#texts;
    return {
      facts: this.#factsOf(end),
      stdout: stdout.toString(),
      stderr: stderr.toString(),
      truncated: { stdout: stdout.truncated, stderr: stderr.truncated },
      clock: { queueMs: 0, claimMs: 0, startMs: this.#runsSince - startedAt, runMs: ranUntil - this.#runsSince },
    };
  }

  #factsOf({ exitCode, signal }: { exitCode: number | null; signal: string | null }): RunFacts {
    return {
      isolation: { kind: 'isolation', observer: 'host', ...NO_ISOLATION },
      abort: this.#abort,
      timer: this.#timer,
      outputLimit: this.#outputLimit,
      outOfMemory: null,
      exit: { kind: 'exit', observer: 'host', exitCode, signal },
      sandboxEnd: null,
      report: parseRunnerReport(this.#process.report),
    };
  }

  /** For a provider that only stops waiting: settles when the signal fires, while the program goes on. */
  #settlingAbort(signal: AbortSignal | undefined): Promise<{ exitCode: null; signal: null }> {
    return new Promise((resolve) => {
      if (this.#habits.settlesOnAbort) signal?.addEventListener('abort', () => resolve({ exitCode: null, signal: null }), { once: true });
    });
  }

  #timeOut(): void {
    if (!this.#habits.endsProgramOn.timeout) return;
    const { timeoutMs } = this.#request.limits;
    // Node's timers may fire a fraction of a millisecond early by this clock.
    const elapsedMs = Math.max(timeoutMs, performance.now() - this.#runsSince);
    this.#timer = { kind: 'timer', observer: 'host', limitMs: timeoutMs, elapsedMs };
    this.#process.kill();
  }

  #takeAbort(): void {
    if (this.#habits.settlesOnAbort || this.#habits.endsProgramOn.abort) this.#abort = { kind: 'abort', observer: 'host' };
    if (this.#habits.endsProgramOn.abort) this.#process.kill();
  }

  #takeOutput(stream: OutputStream, piece: Uint8Array): void {
    const text = this.#texts[stream];
    this.#show(stream, text.append(piece));
    if (!text.truncated || !this.#habits.endsProgramOn.outputLimit || this.#outputLimit !== null) return;
    this.#outputLimit = { kind: 'output-limit', observer: 'host', stream, limitBytes: this.#request.limits.outputBytes };
    this.#process.kill();
  }

  #show(stream: OutputStream, text: string): void {
    if (text === '') return;
    if (this.#habits.callback === 'while-running') this.#callBack({ stream, text });
    else this.#chunks.push({ stream, text });
  }

  #callBack(chunk: OutputChunk): void {
    if (this.#thrown !== null) return;
    try {
      this.#request.onOutput?.(chunk);
    } catch (error) {
      this.#thrown = { error };
      this.#process.kill();
    }
  }
}

/** A child process shares the kernel and everything else with the host; of the kinds of the contract, this is the nearest. */
export const NO_ISOLATION = { isolation: 'runc', measuredBy: 'nothing: this provider isolates nothing' } as const;
