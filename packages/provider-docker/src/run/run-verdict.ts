import type { ExecutionRequest, ExecutionResult, LimitEvidence, SandboxEndEvidence } from '@sandport/core';
import {
  ARTIFACTS_NOT_COLLECTED,
  artifactCollection,
  decideVerdict,
  evidenceOf,
  parseRunnerReport,
  type RunFacts,
} from '@sandport/provider-kit';
import { PROVIDER_ID } from '../docker-errors.ts';
import type { EngineEvents } from '../engine/engine-events.ts';
import { readMemoryCounter } from '../engine/memory-counter.ts';
import type { SandboxContainer } from '../pool/sandbox-container.ts';
import type { ConnectionEnd } from '../supervisor/supervisor-connection.ts';
import type { Ending } from './run.ts';
import { lostError } from './run-errors.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Everything that is known when a run is over. */
export interface RunEnd {
  readonly ending: Ending;
  readonly recorder: RunRecorder;
  readonly request: ExecutionRequest;
  /** The program had ended by itself before the ending came. */
  readonly hadExited: boolean;
  readonly container: SandboxContainer;
  readonly events: EngineEvents;
  readonly stopwatch: Stopwatch;
}

/**
 * Decides what the program did, from what the supervisor, the engine and our own timers saw.
 *
 * @throws SandboxError `PROVIDER_UNAVAILABLE` or `SANDBOX_CLOSED` when the connection was lost and the engine does not say that the container ended.
 */
export async function concludeRun(end: RunEnd): Promise<ExecutionResult> {
  const { ending, recorder } = end;
  if (ending.kind === 'lost' && !recorder.isStarted) throw lostError(ending.end);
  const { memory, profile } = end.container;
  // At once: the counter of a container that has ended goes with it.
  const lastCount = ending.kind === 'lost' && memory !== null ? await readMemoryCounter(memory, profile.limits.memoryBytes) : null;
  const sandboxEnd = ending.kind === 'lost' ? await awaitSandboxEnd(end, ending.end) : null;
  const outOfMemory = lastCount ?? (await outOfMemoryOf(end, sandboxEnd));
  // The next program of this sandbox has nothing to do with it.
  if (memory !== null && outOfMemory?.observer === 'host') memory.seenKills += outOfMemory.kills ?? 0;
  const facts = factsOf(end, sandboxEnd, outOfMemory);
  if (recorder.exited === null) recorder.finishOutput(null);
  return {
    ...decideVerdict(facts),
    stdout: recorder.stdout.toString(),
    stderr: recorder.stderr.toString(),
    truncated: { stdout: recorder.stdout.truncated, stderr: recorder.stderr.truncated },
    exitCode: facts.exit?.exitCode ?? null,
    signal: facts.exit?.signal ?? null,
    artifacts: recorder.isDone ? artifactCollection(recorder.files, recorder.omitted) : ARTIFACTS_NOT_COLLECTED,
    clock: end.stopwatch.stop(),
    evidence: evidenceOf(facts),
    isolation: end.container.isolation,
    providerId: PROVIDER_ID,
    language: end.request.language,
  };
}

/** The stream closed under the program. What the engine saw decides whether the container ended or the engine was lost. */
async function awaitSandboxEnd(
  { container, events }: RunEnd,
  connectionEnd: ConnectionEnd,
): Promise<SandboxEndEvidence & { readonly outOfMemory: boolean }> {
  const end = connectionEnd.isTakenOver ? null : await events.endOf(container.id);
  // A container that the engine was told to kill, and not by us, says nothing of its program: somebody removed it, or the engine shut down.
  if (end === null || (end.isOrdered && !connectionEnd.isClosedHere)) throw lostError(connectionEnd);
  return { kind: 'sandbox-end', observer: 'engine', exitCode: end.exitCode, outOfMemory: end.outOfMemory };
}

async function outOfMemoryOf(
  { ending, recorder, container }: RunEnd,
  sandboxEnd: { readonly outOfMemory: boolean } | null,
): Promise<RunFacts['outOfMemory']> {
  const { memoryBytes: limitBytes } = container.profile.limits;
  if (ending.kind === 'out-of-memory') return ending.evidence;
  if (sandboxEnd !== null) {
    return sandboxEnd.outOfMemory ? { kind: 'out-of-memory', observer: 'engine', source: 'engine-event', limitBytes, kills: null } : null;
  }
  const { exited } = recorder;
  if (exited === null || ending.kind === 'timer' || exited.exitCode === 0) return null;
  if (exited.outOfMemory !== null) {
    const { source, kills } = exited.outOfMemory;
    return kills > 0 ? { kind: 'out-of-memory', observer: 'supervisor', source, limitBytes, kills } : null;
  }
  return container.memory === null ? null : readMemoryCounter(container.memory, limitBytes);
}

function factsOf(
  { ending, recorder, request, hadExited, container }: RunEnd,
  sandboxEnd: SandboxEndEvidence | null,
  outOfMemory: RunFacts['outOfMemory'],
): RunFacts {
  const { exited } = recorder;
  const { isolation } = container;
  const lives = exited?.contextLives === true;
  return {
    isolation: { kind: 'isolation', observer: 'supervisor', isolation: isolation.kind, measuredBy: isolation.measuredBy },
    // Withdrawn while its artifacts were on the way, a call is cancelled unless they all came.
    abort: ending.kind === 'abort' && !(hadExited && recorder.isDone) ? { kind: 'abort', observer: 'host' } : null,
    timer: ending.kind === 'timer' ? { kind: 'timer', observer: 'host', limitMs: ending.limitMs, elapsedMs: ending.elapsedMs } : null,
    outputLimit:
      exited === null || exited.outputLimit === null
        ? null
        : { kind: 'output-limit', observer: 'supervisor', stream: exited.outputLimit, limitBytes: request.limits.outputBytes },
    outOfMemory,
    limits: (exited?.limits ?? []).map((limit): LimitEvidence => ({ kind: 'limit', observer: 'supervisor', ...limit })),
    exit: exited === null || lives ? null : { kind: 'exit', observer: 'supervisor', exitCode: exited.exitCode, signal: exited.signal },
    interpreterLives: lives,
    sandboxEnd: sandboxEnd === null ? null : { kind: 'sandbox-end', observer: sandboxEnd.observer, exitCode: sandboxEnd.exitCode },
    report: parseRunnerReport(recorder.reportBytes),
  };
}
