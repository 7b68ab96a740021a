import type { CallOptions, ExecutionRequest, ExecutionResult, OutOfMemoryEvidence } from '@sandport/core';
import { deferred } from '../deferred.ts';
import { encodeRunnerJob } from '../runner/runner-report.ts';
import type { SupervisedInstance } from '../sandbox/supervised-instance.ts';
import type { Frame } from '../supervisor/frame-codec.ts';
import type { ConnectionEnd } from '../supervisor/supervisor-connection.ts';
import { interruptFrame, jobFrame, killFrame, writeFileFrames } from '../supervisor/supervisor-messages.ts';
import { cancelledError, describeFailure, startError } from './run-errors.ts';
import { hasInput, RunInput } from './run-input.ts';
import { RunRecorder } from './run-recorder.ts';
import { concludeRun } from './run-verdict.ts';
import { settleWithin } from './settle-within.ts';
import type { Stopwatch } from './stopwatch.ts';

/** From handing over the job to the program's start. */
const START_TIMEOUT_MS = 15_000;

/** From the program's end to the last artifact. */
const COLLECT_TIMEOUT_MS = 15_000;

/** How long a cell has to end after each interrupt, before its context is ended. */
const INTERRUPT_GRACES_MS = [250, 150];

/** How long the supervisor has to end a program, before the instance is ended. */
const KILL_GRACE_MS = 350;
/** How much longer where words take time to get there: with what follows, a call is still settled within a second. */
const LONGEST_KILL_DELAY_MS = 300;

/** How long a verdict waits for the instance's end after it was ordered. */
const END_GRACE_MS = 200;

/** What a run needs besides the request. */
export interface RunContext {
  readonly instance: SupervisedInstance;
  readonly stopwatch: Stopwatch;
  /** The context whose cell it is; `null` for a program. */
  readonly contextId: string | null;
  /** What is left of the sandbox's life, in milliseconds: no program runs longer. */
  readonly remainingLifeMs: number;
  /** Orders the instance's end; resolves when it has gone. */
  readonly endInstance: () => Promise<void>;
}

/** How the conversation about a run came to its end. */
export type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'timer'; readonly limitMs: number; readonly elapsedMs: number }
  | { readonly kind: 'abort' }
  | { readonly kind: 'out-of-memory'; readonly evidence: OutOfMemoryEvidence }
  | { readonly kind: 'collect-deadline' }
  | { readonly kind: 'lost'; readonly end: ConnectionEnd }
  | { readonly kind: 'failure'; readonly error: unknown };

/** One run of one program or cell in one instance, from handing over the job to the verdict. */
export class Run {
  readonly #request: ExecutionRequest;
  readonly #context: RunContext;
  readonly #recorder: RunRecorder;
  readonly #input: RunInput;
  readonly #ending = deferred<Ending>();
  /** Settles when the supervisor has told everything, or can tell nothing any more. */
  readonly #silence = deferred<void>();
  #isEnding = false;
  #hadExited = false;
  #forget: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopMemoryWatch: (() => void) | undefined;

  constructor(request: ExecutionRequest, context: RunContext) {
    this.#request = request;
    this.#context = context;
    this.#input = new RunInput(context.instance.connection, request.stdin, (error) => this.#end({ kind: 'failure', error }));
    this.#recorder = new RunRecorder(context.instance.connection.terms, request, {
      onStarted: () => this.#onStarted(),
      onExited: () => this.#onExited(),
      onDone: () => {
        this.#silence.resolve();
        this.#end({ kind: 'done' });
      },
      onInputCredit: (bytes) => this.#input.giveCredit(bytes),
      onInputClosed: () => this.#input.stop(),
      onHold: (until) => void this.#hold(until),
    });
  }

  /**
   * Hands over the job and waits for the verdict.
   *
   * @throws SandboxError `CANCELLED`, `DEADLINE_EXCEEDED` before the program started; `REQUEST_INVALID` when the files do not fit;
   *   `CONTEXT_CLOSED`; `PROVIDER_UNAVAILABLE`, `RESPONSE_INVALID` when the far side failed. Also whatever the output listener or the input throws.
   */
  async settle({ signal }: CallOptions): Promise<ExecutionResult> {
    const { instance, stopwatch } = this.#context;
    const { connection } = instance;
    const onAbort = (): void => this.#end({ kind: 'abort' });
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal?.aborted === true) throw cancelledError(connection.terms, 'execute', signal);
      this.#handOver();
      const first = await this.#ending.promise;
      this.#recorder.mute();
      connection.resume();
      // What a slow listener kept waiting may have been the whole rest.
      const ending: Ending = first.kind === 'lost' && this.#recorder.isDone ? { kind: 'done' } : first;
      if (ending.kind !== 'done' && ending.kind !== 'lost') await this.#stop(ending);
      if (ending.kind === 'failure') throw describeFailure(connection.terms, ending.error);
      if (ending.kind === 'abort' && !this.#recorder.isStarted) throw cancelledError(connection.terms, 'execute', signal);
      return await concludeRun({
        ending,
        recorder: this.#recorder,
        request: this.#request,
        hadExited: this.#hadExited,
        instance,
        stopwatch,
      });
    } finally {
      clearTimeout(this.#timer);
      this.#stopMemoryWatch?.();
      this.#input.stop();
      this.#forget?.();
      signal?.removeEventListener('abort', onAbort);
      connection.release();
    }
  }

  #handOver(): void {
    const { connection } = this.#context.instance;
    this.#timer = setTimeout(() => this.#end({ kind: 'failure', error: startError(connection.terms, START_TIMEOUT_MS) }), START_TIMEOUT_MS);
    connection.listen({ onFrame: (frame) => this.#take(frame), onEnd: () => undefined });
    // Also while the listener of the output keeps us waiting.
    this.#forget = connection.whenOver((end) => {
      this.#silence.resolve();
      this.#end({ kind: 'lost', end });
    });
    const files = [...this.#request.files].flatMap(([path, content]) => writeFileFrames(path, content, true));
    const options = { hasInput: hasInput(this.#request.stdin), contextId: this.#context.contextId };
    connection.send([...files, jobFrame(this.#request.limits, options, encodeRunnerJob(this.#request))]);
    if (options.hasInput) this.#input.start();
  }

  #take(frame: Frame): void {
    try {
      this.#recorder.take(frame);
    } catch (error) {
      this.#end({ kind: 'failure', error });
    }
  }

  #end(ending: Ending): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#hadExited = this.#recorder.exited !== null;
    this.#ending.resolve(ending);
  }

  /** Reads nothing more of the program until its listener is ready for it. */
  async #hold(until: PromiseLike<void>): Promise<void> {
    const { connection } = this.#context.instance;
    if (this.#isEnding) return;
    connection.pause();
    try {
      await until;
    } catch (error) {
      this.#end({ kind: 'failure', error });
    }
    if (!this.#isEnding) {
      if (this.#recorder.exited !== null) this.#awaitCollection();
      connection.resume();
    }
  }

  #onStarted(): void {
    this.#context.stopwatch.enter('runMs');
    clearTimeout(this.#timer);
    const limitMs = Math.min(this.#request.limits.timeoutMs, Math.max(1, Math.floor(this.#context.remainingLifeMs)));
    // Node's timers may fire up to a millisecond early; no program is told that its time is over before it is.
    this.#timer = setTimeout(() => this.#end({ kind: 'timer', limitMs, elapsedMs: this.#context.stopwatch.phaseElapsedMs }), limitMs + 1);
    const { witness } = this.#context.instance;
    this.#stopMemoryWatch = witness.watchMemory?.((evidence) => this.#end({ kind: 'out-of-memory', evidence }));
  }

  #onExited(): void {
    this.#stopMemoryWatch?.();
    this.#input.stop();
    this.#context.stopwatch.enter('collectMs');
    this.#awaitCollection();
  }

  #awaitCollection(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end({ kind: 'collect-deadline' }), COLLECT_TIMEOUT_MS);
  }

  /** Ends the program: gently where that is worth something, by the supervisor, and at last with its instance. */
  async #stop(ending: Ending): Promise<void> {
    const { connection, endsPrograms, answerDelayMs = 0 } = this.#context.instance;
    const { contextId } = this.#context;
    if (contextId !== null && this.#recorder.isStarted && ending.kind !== 'out-of-memory') {
      // Twice: an interrupt that comes just before the cell's first line may be lost on it.
      for (const graceMs of INTERRUPT_GRACES_MS) {
        connection.send([interruptFrame(contextId)]);
        if (await settleWithin(this.#silence.promise, graceMs + answerDelayMs)) return;
      }
    }
    // A job that was refused leaves nothing to be ended.
    const { isRefused } = this.#recorder;
    const killGraceMs = KILL_GRACE_MS + Math.min(answerDelayMs, LONGEST_KILL_DELAY_MS);
    if (endsPrograms && !isRefused) connection.send([killFrame(null)]);
    if (connection.isOpen && (endsPrograms || isRefused) && (await settleWithin(this.#silence.promise, killGraceMs))) return;
    await settleWithin(this.#context.endInstance(), END_GRACE_MS);
  }
}
