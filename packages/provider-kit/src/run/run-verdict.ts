import type {
  ExecutionRequest,
  ExecutionResult,
  IsolationEvidence,
  LimitEvidence,
  MeasuredIsolation,
  SandboxEndEvidence,
} from '@sandport/core';
import { ARTIFACTS_NOT_COLLECTED, artifactCollection } from '../artifacts/artifact-collection.ts';
import { decideVerdict, evidenceOf } from '../verdict/verdict.ts';
import { parseRunnerReport } from '../runner/runner-report.ts';
import type { RunFacts } from '../verdict/run-facts.ts';
import type { SupervisedInstance } from '../sandbox/supervised-instance.ts';
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
  readonly instance: SupervisedInstance;
  readonly stopwatch: Stopwatch;
}

/**
 * Decides what the program did, from what the supervisor, the instance's witness and our own timers saw.
 *
 * @throws SandboxError `PROVIDER_UNAVAILABLE` or `SANDBOX_CLOSED` when the connection was lost and nobody saw how the instance ended.
 */
export async function concludeRun(end: RunEnd): Promise<ExecutionResult> {
  const { ending, recorder, instance } = end;
  const { terms } = instance.connection;
  if (ending.kind === 'lost' && !recorder.isStarted) throw lostError(terms, ending.end);
  const instanceEnd = ending.kind === 'lost' ? await instance.witness.endOf(ending.end) : null;
  if (ending.kind === 'lost' && instanceEnd === null) throw lostError(terms, ending.end);
  const outOfMemory = instanceEnd === null ? await outOfMemoryOf(end) : instanceEnd.outOfMemory;
  if (outOfMemory !== null) instance.witness.noteTold?.(outOfMemory);
  const facts = factsOf(end, instanceEnd?.evidence ?? null, outOfMemory);
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
    isolation: instance.isolation,
    providerId: terms.providerId,
    language: end.request.language,
  };
}

async function outOfMemoryOf({ ending, recorder, instance }: RunEnd): Promise<RunFacts['outOfMemory']> {
  if (ending.kind === 'out-of-memory') return ending.evidence;
  const { exited } = recorder;
  if (exited === null || ending.kind === 'timer' || exited.exitCode === 0) return null;
  if (exited.outOfMemory === null) return (await instance.witness.findOutOfMemory?.()) ?? null;
  const { source, kills } = exited.outOfMemory;
  const limitBytes = instance.limits.memoryBytes ?? null;
  return kills > 0 ? { kind: 'out-of-memory', observer: 'supervisor', source, limitBytes, kills } : null;
}

function factsOf(
  { ending, recorder, request, hadExited, instance }: RunEnd,
  sandboxEnd: SandboxEndEvidence | null,
  outOfMemory: RunFacts['outOfMemory'],
): RunFacts {
  const { exited } = recorder;
  const { isolation } = instance;
  const lives = exited?.contextLives === true;
  return {
    isolation: isolationEvidence(isolation),
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
    sandboxEnd,
    report: parseRunnerReport(recorder.reportBytes),
  };
}

function isolationEvidence({ kind, measuredBy, hardening }: MeasuredIsolation): IsolationEvidence {
  const measured = { kind: 'isolation', observer: 'supervisor', isolation: kind, measuredBy } as const;
  return hardening === undefined ? measured : { ...measured, hardening };
}
