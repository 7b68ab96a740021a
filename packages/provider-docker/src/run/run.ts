import type {
  CallOptions,
  ExecutionRequest,
  ExecutionResult,
  OutOfMemoryEvidence,
  SandboxEndEvidence,
  TimerEvidence,
} from '@sandport/core';
import {
  ARTIFACTS_NOT_COLLECTED,
  artifactCollection,
  decideVerdict,
  encodeRunnerJob,
  deferred,
  evidenceOf,
  parseRunnerReport,
  type RunFacts,
} from '@sandport/provider-kit';
import { dockerError, PROVIDER_ID } from '../docker-errors.ts';
import type { EngineEvents } from '../engine/engine-events.ts';
import type { SandboxContainer } from '../pool/sandbox-container.ts';
import type { Frame } from '../supervisor/frame-codec.ts';
import type { ConnectionEnd } from '../supervisor/supervisor-connection.ts';
import { jobFrame, writeFileFrames } from '../supervisor/supervisor-messages.ts';
import { readMemoryCounter } from '../engine/memory-counter.ts';
import { MemoryWatch } from './memory-watch.ts';
import { RunRecorder, SupervisorProtocolError } from './run-recorder.ts';
import type { Stopwatch } from './stopwatch.ts';

/** From handing over the job to the program's start. */
const START_TIMEOUT_MS = 15_000;

/** From the program's end to the last artifact. */
const COLLECT_TIMEOUT_MS = 15_000;

/** How long a verdict waits for the container's end after it was ordered. */
const END_GRACE_MS = 500;

/** What a run needs besides the request. */
export interface RunContext {
  readonly container: SandboxContainer;
  readonly events: EngineEvents;
  readonly stopwatch: Stopwatch;
  /** Orders the container's end; resolves when it has gone. */
  readonly endContainer: () => Promise<void>;
}

/** How the conversation about a run came to its end. */
type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'timer'; readonly elapsedMs: number }
  | { readonly kind: 'abort' }
  | { readonly kind: 'out-of-memory'; readonly evidence: OutOfMemoryEvidence }
  | { readonly kind: 'collect-deadline' }
  | { readonly kind: 'lost'; readonly end: ConnectionEnd }
  | { readonly kind: 'failure'; readonly error: unknown };

/** One run of one program in one container, from handing over the job to the verdict. */
export class Run {
  readonly #request: ExecutionRequest;
  readonly #context: RunContext;
  readonly #recorder: RunRecorder;
  readonly #ending: Promise<Ending>;
  readonly #end: (ending: Ending) => void;
  #timer: NodeJS.Timeout | undefined;
  #memoryWatch: MemoryWatch | undefined;

  constructor(request: ExecutionRequest, context: RunContext) {
    this.#request = request;
    this.#context = context;
    const { promise, resolve } = deferred<Ending>();
    this.#ending = promise;
    this.#end = resolve;
    this.#recorder = new RunRecorder(request, {
      onStarted: () => this.#onStarted(),
      onExited: () => this.#onExited(),
      onDone: () => this.#end({ kind: 'done' }),
    });
  }

  /**
   * Hands over the job and waits for the verdict.
   *
   * @throws SandboxError `CANCELLED`, `DEADLINE_EXCEEDED` before the program started; `REQUEST_INVALID` when the files do not fit;
   *   `PROVIDER_UNAVAILABLE`, `RESPONSE_INVALID` when the far side failed. Also whatever the output listener throws.
   */
  async settle({ signal }: CallOptions): Promise<ExecutionResult> {
    const onAbort = (): void => this.#end({ kind: 'abort' });
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal?.aborted === true) onAbort();
      else this.#handOver();
      return await this.#conclude(await this.#ending, signal);
    } finally {
      clearTimeout(this.#timer);
      this.#memoryWatch?.stop();
      signal?.removeEventListener('abort', onAbort);
      this.#context.container.connection.release();
    }
  }

  #handOver(): void {
    const { connection } = this.#context.container;
    this.#timer = setTimeout(() => this.#end({ kind: 'failure', error: startError() }), START_TIMEOUT_MS);
    connection.listen({ onFrame: (frame) => this.#take(frame), onEnd: (end) => this.#end({ kind: 'lost', end }) });
    const files = [...this.#request.files].flatMap(([path, content]) => writeFileFrames(path, content, true));
    connection.send([...files, jobFrame(this.#request.limits, encodeRunnerJob(this.#request))]);
  }

  #take(frame: Frame): void {
    try {
      this.#recorder.take(frame);
    } catch (error) {
      this.#end({ kind: 'failure', error });
    }
  }

  #onStarted(): void {
    this.#context.stopwatch.enter('runMs');
    clearTimeout(this.#timer);
    // Node's timers may fire up to a millisecond early; no program is told that its time is over before it is.
    const timeoutMs = this.#request.limits.timeoutMs + 1;
    this.#timer = setTimeout(() => this.#end({ kind: 'timer', elapsedMs: this.#context.stopwatch.phaseElapsedMs }), timeoutMs);
    this.#watchMemory();
  }

  #watchMemory(): void {
    const { memoryCounter, profile } = this.#context.container;
    if (memoryCounter === null) return;
    this.#memoryWatch = new MemoryWatch(memoryCounter, profile.limits.memoryBytes, (evidence) =>
      this.#end({ kind: 'out-of-memory', evidence }),
    );
    this.#memoryWatch.start();
  }

  #onExited(): void {
    this.#memoryWatch?.stop();
    this.#context.stopwatch.enter('collectMs');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end({ kind: 'collect-deadline' }), COLLECT_TIMEOUT_MS);
  }

  async #conclude(ending: Ending, signal: AbortSignal | undefined): Promise<ExecutionResult> {
    if (ending.kind === 'failure') throw this.#failure(ending.error);
    // Whether the program had started is known only when the container is gone: its word of it may be on the way.
    if (endsContainer(ending)) await settleWithin(this.#context.endContainer(), END_GRACE_MS);
    if (ending.kind === 'abort' && !this.#recorder.isStarted) throw cancelledError(signal);
    if (ending.kind === 'lost' && !this.#recorder.isStarted) throw lostError(ending.end);
    const sandboxEnd = ending.kind === 'lost' ? await this.#awaitSandboxEnd(ending.end) : null;
    const outOfMemory = await this.#outOfMemory(ending, sandboxEnd);
    const facts = this.#facts(ending, sandboxEnd, outOfMemory);
    return this.#result(facts);
  }

  #failure(error: unknown): unknown {
    void this.#context.endContainer();
    return error instanceof SupervisorProtocolError
      ? dockerError('RESPONSE_INVALID', 'execute', 'The supervisor in the container broke the protocol.', {
          suggestion: 'Run "sandport images build"; if it happens again, the container was compromised.',
          cause: error,
        })
      : error;
  }

  /** The stream closed under the program. What the engine saw decides whether the container ended or the engine was lost. */
  async #awaitSandboxEnd(connectionEnd: ConnectionEnd): Promise<SandboxEndEvidence & { readonly outOfMemory: boolean }> {
    const end = await this.#context.events.endOf(this.#context.container.id);
    if (end === null) throw lostError(connectionEnd);
    return { kind: 'sandbox-end', observer: 'engine', exitCode: end.exitCode, outOfMemory: end.outOfMemory };
  }

  async #outOfMemory(ending: Ending, sandboxEnd: { readonly outOfMemory: boolean } | null): Promise<RunFacts['outOfMemory']> {
    const { memoryCounter, profile } = this.#context.container;
    const { memoryBytes: limitBytes } = profile.limits;
    if (ending.kind === 'out-of-memory') return ending.evidence;
    if (sandboxEnd !== null) {
      return sandboxEnd.outOfMemory ? { kind: 'out-of-memory', observer: 'engine', source: 'engine-event', limitBytes, kills: null } : null;
    }
    const { exited } = this.#recorder;
    if (exited === null || ending.kind === 'timer' || exited.exitCode === 0) return null;
    if (exited.outOfMemory !== null) {
      const { source, kills } = exited.outOfMemory;
      return kills > 0 ? { kind: 'out-of-memory', observer: 'supervisor', source, limitBytes, kills } : null;
    }
    return memoryCounter === null ? null : readMemoryCounter(memoryCounter, limitBytes);
  }

  #facts(ending: Ending, sandboxEnd: SandboxEndEvidence | null, outOfMemory: RunFacts['outOfMemory']): RunFacts {
    const { exited } = this.#recorder;
    const { limits } = this.#request;
    const { isolation } = this.#context.container;
    const hasEnded = exited !== null;
    return {
      isolation: { kind: 'isolation', observer: 'supervisor', isolation: isolation.kind, measuredBy: isolation.measuredBy },
      abort: ending.kind === 'abort' && !hasEnded ? { kind: 'abort', observer: 'host' } : null,
      timer: ending.kind === 'timer' ? timerEvidence(limits.timeoutMs, ending.elapsedMs) : null,
      outputLimit:
        exited === null || exited.outputLimit === null
          ? null
          : { kind: 'output-limit', observer: 'supervisor', stream: exited.outputLimit, limitBytes: limits.outputBytes },
      outOfMemory,
      exit: hasEnded ? { kind: 'exit', observer: 'supervisor', exitCode: exited.exitCode, signal: exited.signal } : null,
      sandboxEnd: sandboxEnd === null ? null : { kind: 'sandbox-end', observer: sandboxEnd.observer, exitCode: sandboxEnd.exitCode },
      report: parseRunnerReport(this.#recorder.reportBytes),
    };
  }

  #result(facts: RunFacts): ExecutionResult {
    const recorder = this.#recorder;
    if (recorder.exited === null) recorder.finishOutput(null);
    return {
      ...decideVerdict(facts),
      stdout: recorder.stdout.toString(),
      stderr: recorder.stderr.toString(),
      truncated: { stdout: recorder.stdout.truncated, stderr: recorder.stderr.truncated },
      exitCode: facts.exit?.exitCode ?? null,
      signal: facts.exit?.signal ?? null,
      artifacts: recorder.isDone ? artifactCollection(recorder.files, recorder.omitted) : ARTIFACTS_NOT_COLLECTED,
      clock: this.#context.stopwatch.stop(),
      evidence: evidenceOf(facts),
      isolation: this.#context.container.isolation,
      providerId: PROVIDER_ID,
      language: this.#request.language,
    };
  }
}

/** Endings that come from outside and take the container with them. */
function endsContainer(ending: Ending): boolean {
  return ending.kind === 'timer' || ending.kind === 'abort' || ending.kind === 'out-of-memory';
}

function timerEvidence(limitMs: number, elapsedMs: number): TimerEvidence {
  return { kind: 'timer', observer: 'host', limitMs, elapsedMs };
}

async function settleWithin(promise: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([promise, grace]);
  clearTimeout(timer);
}

function startError(): Error {
  return dockerError('DEADLINE_EXCEEDED', 'start program', `The program was not started within ${START_TIMEOUT_MS} ms.`, {
    suggestion: "Look at the load of the engine's machine.",
  });
}

function cancelledError(signal: AbortSignal | undefined): Error {
  return dockerError('CANCELLED', 'execute', 'The call was withdrawn before its program started.', {
    suggestion: 'Nothing was run; call again when it is wanted.',
    cause: signal?.reason,
  });
}

function lostError(end: ConnectionEnd): Error {
  return dockerError('PROVIDER_UNAVAILABLE', 'execute', 'The connection to the container was lost; how far its program came is unknown.', {
    suggestion: 'Check the Docker engine; run the program again only if it may run twice.',
    cause: end.error ?? new Error(end.supervisorStderr || 'the stream was closed'),
  });
}
