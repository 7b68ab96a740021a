import type { ExecutionRequest, OutputChunk, OutputStream } from '@sandport/core';
import { deferred, type RunFacts } from '@sandport/provider-kit';
import type { Habits } from './habits.ts';

/** Milliseconds for which a listener is waited for when the program is over for another reason. */
const LISTENER_PATIENCE_MS = 150;

/** Why something is ended before it ends by itself. */
type Cause = Partial<Pick<RunFacts, 'abort' | 'timer' | 'outputLimit'>> | { readonly thrown: unknown };

/** Watches a program or a cell while it runs: takes its output, keeps its limits, hears its caller. */
export class RunWatch {
  readonly #request: ExecutionRequest;
  readonly #habits: Habits;
  readonly #stop: () => void;
  readonly #texts: Record<OutputStream, ReturnType<Habits['newText']>>;
  readonly #chunks: OutputChunk[] = [];
  readonly #silence = deferred<void>();
  #isSilent = false;
  #isOver = false;
  #turn: Promise<void> | undefined;
  #since = 0;
  #release: () => void = () => undefined;
  #cause: Cause | null = null;

  /** `stop` ends what runs. */
  constructor(request: ExecutionRequest, habits: Habits, stop: () => void) {
    this.#request = request;
    this.#habits = habits;
    this.#stop = stop;
    const { outputBytes } = request.limits;
    this.#texts = { stdout: habits.newText(outputBytes), stderr: habits.newText(outputBytes) };
  }

  /** The program runs from now on. */
  begin(signal: AbortSignal | undefined): void {
    this.#since = performance.now();
    const timer = setTimeout(() => this.#timeOut(), this.#request.limits.timeoutMs);
    const onAbort = () => this.#takeAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    if (signal?.aborted === true) onAbort();
  }

  /** Takes a piece of output; what it gives settles when the next may come. */
  take(stream: OutputStream, piece: Uint8Array): Promise<void> | undefined {
    const text = this.#texts[stream];
    this.#show(stream, text.append(piece));
    if (text.truncated && this.#habits.endsProgramOn.outputLimit) {
      this.#end({ outputLimit: { kind: 'output-limit', observer: 'host', stream, limitBytes: this.#request.limits.outputBytes } });
    }
    return this.#turn;
  }

  /** The call cannot go on for a reason of our side. */
  fail(thrown: unknown): void {
    this.#end({ thrown });
  }

  /** Waits no longer for a listener that does not answer. */
  giveUpListener(patienceMs = LISTENER_PATIENCE_MS): void {
    if (this.#habits.streams.listener === 'awaited-without-end') return;
    setTimeout(() => {
      this.#isSilent = true;
      this.#silence.resolve();
    }, patienceMs);
  }

  /** What runs is over and its output is read. Throws what the caller's own functions threw. */
  async finish(): Promise<{ readonly runMs: number } & Pick<RunFacts, 'abort' | 'timer' | 'outputLimit'>> {
    const runMs = performance.now() - this.#since;
    this.#isOver = true;
    const cut = this.#cause !== null && 'outputLimit' in this.#cause ? this.#cause.outputLimit?.stream : undefined;
    for (const stream of ['stdout', 'stderr'] as const) this.#show(stream, this.#texts[stream].finish(cut === stream));
    await this.#turn;
    if (this.#habits.callback === 'at-the-end') for (const chunk of this.#chunks) await this.#callBack(chunk);
    this.#release();
    if (this.#cause !== null && 'thrown' in this.#cause) throw this.#cause.thrown;
    return { runMs, abort: null, timer: null, outputLimit: null, ...this.#cause };
  }

  get printed() {
    const { stdout, stderr } = this.#texts;
    return {
      stdout: stdout.toString(),
      stderr: stderr.toString(),
      truncated: { stdout: stdout.truncated, stderr: stderr.truncated },
    };
  }

  #timeOut(): void {
    if (!this.#habits.endsProgramOn.timeout) return;
    const { timeoutMs } = this.#request.limits;
    // Node's timers may fire a fraction of a millisecond early by this clock.
    const elapsedMs = Math.max(timeoutMs, performance.now() - this.#since);
    this.#end({ timer: { kind: 'timer', observer: 'host', limitMs: timeoutMs, elapsedMs } });
  }

  #takeAbort(): void {
    if (this.#habits.settlesOnAbort || this.#habits.endsProgramOn.abort) {
      this.#end({ abort: { kind: 'abort', observer: 'host' } }, this.#habits.endsProgramOn.abort);
    }
  }

  /** The first cause is the one that counts. */
  #end(cause: Cause, stops = true): void {
    if (!('outputLimit' in cause)) this.giveUpListener('thrown' in cause ? 0 : LISTENER_PATIENCE_MS);
    if (this.#isOver && !('thrown' in cause)) return;
    const isFirst = this.#cause === null;
    this.#cause ??= cause;
    if (isFirst && stops) this.#stop();
  }

  #show(stream: OutputStream, text: string): void {
    if (text === '') return;
    const chunk = { stream, text };
    if (this.#habits.callback === 'at-the-end') this.#chunks.push(chunk);
    else if (this.#turn === undefined) this.#takeTurn(this.#callBack(chunk));
    else this.#takeTurn(this.#turn.then(() => this.#callBack(chunk)));
  }

  #takeTurn(turn: Promise<void> | undefined): void {
    if (turn === undefined) return;
    const mine = turn.finally(() => {
      if (this.#turn === mine) this.#turn = undefined;
    });
    this.#turn = mine;
  }

  #callBack(chunk: OutputChunk): Promise<void> | undefined {
    if (this.#isSilent || (this.#cause !== null && 'thrown' in this.#cause)) return undefined;
    const { listener } = this.#habits.streams;
    try {
      const answer = this.#request.onOutput?.(chunk);
      if (answer === undefined) return undefined;
      const taken = Promise.resolve(answer).catch((error: unknown) => {
        if (listener === 'awaited' || listener === 'awaited-without-end') this.fail(error);
      });
      return listener === 'ignored' ? undefined : Promise.race([taken, this.#silence.promise]);
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }
}
