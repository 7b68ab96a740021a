import { createHash } from 'node:crypto';
import {
  EXECUTION_LIMIT_RANGES,
  SANDBOX_LIMIT_NAMES,
  SandboxError,
  type ExecutionResult,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import { plainText } from '../plain-text.ts';
import { rounded } from '../rounded-duration.ts';
import type { SecretScrubber } from '../secret-scrubber.ts';
import { TimedWork } from '../timed-work.ts';
import { boundedText } from './bounded-text.ts';
import type { ComparedOutcome } from './compared-outcome.ts';
import type { ComparisonProgram } from './comparison-program.ts';

/** Where a program is run. */
export interface ComparedPlace {
  readonly provider: SandboxProvider;
  /** The comparison. */
  readonly run: TimedWork;
  readonly scrubber: SecretScrubber;
  readonly now: () => number;
}

type Refusal = NonNullable<ComparedOutcome['refusal']>;

/** Milliseconds that a call may take beyond what its program may run, for the claim of a sandbox and the way there and back. */
const CALL_ALLOWANCE_MS = 60_000;

/** Milliseconds in which a sandbox must have ended. */
const DESTROY_BOUND_MS = 15_000;

/** What an outcome without a result has for one. */
const NOTHING = { status: null, value: null, stdout: '', stderr: '', error: null } as const;

/**
 * Runs a program in a fresh sandbox and says what came of it. What the provider refuses, cannot do or does not answer is part of the outcome.
 *
 * @throws the reason why the comparison was ended early, and nothing else.
 */
export async function runComparedProgram(place: ComparedPlace, program: ComparisonProgram): Promise<ComparedOutcome> {
  const { run, now } = place;
  const startedAt = now();
  const boundMs = (program.request.limits?.timeoutMs ?? EXECUTION_LIMIT_RANGES.timeoutMs.default) + CALL_ALLOWANCE_MS;
  using call = begin(run, boundMs);
  let sandbox: Sandbox | undefined;
  let outcome: ComparedOutcome;
  try {
    sandbox = await call.wait(createSandbox(place, program, call));
    const { code, language, request } = program;
    const result = await call.wait(sandbox.execute({ ...request, code, language }, { signal: call.signal }));
    outcome = outcomeOf(result, place, now() - startedAt);
  } catch (error) {
    run.signal.throwIfAborted();
    outcome = { ...NOTHING, files: [], refusal: refusalOf(error, place), totalMs: rounded(Math.max(0, now() - startedAt)) };
  }
  const destroyRefusal = sandbox === undefined ? null : await destroy(sandbox, place);
  return { ...outcome, refusal: outcome.refusal ?? destroyRefusal };
}

function begin({ signal }: TimedWork, boundMs: number): TimedWork {
  const late = () => new SandboxError('DEADLINE_EXCEEDED', `The provider did not answer within ${boundMs / 1000} s.`);
  return new TimedWork({ boundMs, late, parent: signal, withdrawn: (reason) => reason });
}

/** A sandbox that comes after its call was given up ends with its provider. */
async function createSandbox(
  { provider }: ComparedPlace,
  { language, request }: ComparisonProgram,
  { signal }: TimedWork,
): Promise<Sandbox> {
  const limits = Object.fromEntries(SANDBOX_LIMIT_NAMES.map((name) => [name, request.limits?.[name]]));
  return provider.createSandbox({ language, limits }, { signal });
}

async function destroy(sandbox: Sandbox, place: ComparedPlace): Promise<Refusal | null> {
  using ending = begin(place.run, DESTROY_BOUND_MS);
  try {
    await ending.wait(sandbox.destroy());
    return null;
  } catch (error) {
    place.run.signal.throwIfAborted();
    return refusalOf(error, place);
  }
}

function refusalOf(error: unknown, { scrubber }: ComparedPlace): Refusal {
  if (SandboxError.isInstance(error)) return { code: error.code, message: plainText(error.message, scrubber) };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'The provider threw something that is no error.';
  return { code: 'INTERNAL', message: plainText(message, scrubber) };
}

function outcomeOf(result: ExecutionResult, { scrubber }: ComparedPlace, totalMs: number): ComparedOutcome {
  const bounded = (text: string) => boundedText(text, scrubber);
  const valueJson = result.status === 'completed' ? result.valueJson : undefined;
  return {
    status: result.status,
    refusal: null,
    value: valueJson === undefined ? null : bounded(valueJson),
    stdout: bounded(result.stdout),
    stderr: bounded(result.stderr),
    error: result.error === null ? null : plainText(`${result.error.type}: ${result.error.message}`, scrubber),
    files: result.artifacts.files.map(({ path, sizeBytes, content }) => ({
      path: plainText(path, scrubber),
      sizeBytes,
      sha256: createHash('sha256').update(content).digest('hex'),
    })),
    totalMs: rounded(Math.max(0, totalMs)),
  };
}
