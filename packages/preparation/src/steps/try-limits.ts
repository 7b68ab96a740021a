import { performance } from 'node:perf_hooks';
import type { ExecutionResult, ExecutionStatus, Passport } from '@sandport/core';
import { EXECUTION_STATUSES } from '@sandport/core';
import { problemOfError, problemOfText, type Problem } from '../describe-failure.ts';
import { describeLimit, LIMIT_TRIALS, programOf, requestLimits, type LimitTrial } from '../limit-trials.ts';
import { describeEnd, printedBy, runProgram, type TrialRequest, type TrialScene } from '../run-program.ts';

interface PlannedTrial {
  readonly trial: LimitTrial;
  readonly value: number;
  readonly request: TrialRequest;
}

interface LimitOutcome {
  readonly proof: Passport['limits'][number];
  readonly problem?: Problem;
  readonly output?: string;
}

/** Breaks each limit that the provider declares, and looks at what became of the program. */
export async function tryLimits(scene: TrialScene): Promise<void> {
  const { trial, record } = scene;
  const planned = planTrials(scene);
  trial.begin('limits', planned.length, 'Breaking each limit');
  for (const one of planned) {
    trial.beginPart(one.trial.limit);
    const startedAt = performance.now();
    const { proof, problem, output } = await tryLimit(scene, one);
    record.addLimit(proof);
    if (problem !== undefined) record.addProblem(`The limit of ${proof.limit} does not hold: ${problem.text}.`);
    trial.find({
      kind: 'limit',
      id: proof.limit,
      title: describeLimit(proof),
      outcome: problem === undefined ? 'passed' : 'failed',
      message:
        problem?.message ??
        (proof.status === null ? 'The program was refused more.' : `The program ended as ${proof.status}, with evidence.`),
      durationMs: performance.now() - startedAt,
      output,
      remedy: problem?.remedy,
    });
    trial.endPart(problem === undefined ? `${proof.limit} holds` : `${proof.limit} does not hold: ${problem.text}`);
  }
}

function planTrials(scene: TrialScene): PlannedTrial[] {
  const { capabilities } = scene;
  return LIMIT_TRIALS.flatMap((trial) => {
    const value = trial.valueFor(capabilities);
    const program = programOf(trial, scene.record.languages, capabilities);
    if (value === undefined || program === undefined) {
      tellUntried(scene, trial, value);
      return [];
    }
    return [{ trial, value, request: { ...program, limits: requestLimits(trial, value, capabilities) } }];
  });
}

function tellUntried({ trial }: TrialScene, { limit }: LimitTrial, value: number | undefined): void {
  trial.find({
    kind: 'limit',
    id: limit,
    title: `The limit of ${limit} holds`,
    outcome: 'not-applicable',
    message: value === undefined ? 'The provider does not declare it.' : 'No language that runs here has a program for it.',
    durationMs: 0,
  });
}

async function tryLimit(scene: TrialScene, { trial, value, request }: PlannedTrial): Promise<LimitOutcome> {
  const { limit } = trial;
  try {
    const result = await runProgram(scene, request);
    const output = printedBy(result);
    const problem = problemOf(trial, result);
    if (problem === undefined) return { proof: { limit, value, held: true, status: trial.proof?.status ?? null }, output };
    return { proof: { limit, value, held: false, status: knownStatus(result) }, problem: problemOfText(problem), output };
  } catch (error) {
    if (scene.trial.isOver) throw error;
    return { proof: { limit, value, held: false, status: null }, problem: problemOfError(error) };
  }
}

/** What speaks against the limit; nothing when the program was ended, or refused, as it should be. */
function problemOf({ proof }: LimitTrial, result: ExecutionResult): string | undefined {
  if (proof === null && result.status === 'completed') return result.value === true ? undefined : 'nothing stopped the program';
  if (proof === null || result.status !== proof.status) {
    return result.status === 'completed' ? 'nothing stopped the program' : describeEnd(result);
  }
  return result.evidence.some(({ kind }) => kind === proof.evidence) ? undefined : `${describeEnd(result)}, and no evidence says so`;
}

/** A status that the contract does not know comes only from a faulty provider, and has no place in the record. */
function knownStatus({ status }: ExecutionResult): ExecutionStatus | null {
  return EXECUTION_STATUSES.includes(status) ? status : null;
}
