import type { ExecutionResult, ExecutionStatus, Passport } from '@sandport/core';
import { EXECUTION_STATUSES } from '@sandport/core';
import { describeFailure } from '../describe-failure.ts';
import { LIMIT_TRIALS, programOf, requestLimits, type LimitTrial } from '../limit-trials.ts';
import { describeEnd, runProgram, type TrialRequest, type TrialScene } from '../run-program.ts';

interface PlannedTrial {
  readonly trial: LimitTrial;
  readonly value: number;
  readonly request: TrialRequest;
}

/** Breaks each limit that the provider declares, and looks at what became of the program. */
export async function tryLimits(scene: TrialScene): Promise<void> {
  const planned = planTrials(scene);
  scene.trial.begin('limits', planned.length, 'Breaking each limit');
  for (const one of planned) {
    scene.trial.beginPart(one.trial.limit);
    const { proof, problem } = await tryLimit(scene, one);
    scene.record.addLimit(proof);
    if (problem !== undefined) scene.record.addProblem(`The limit of ${proof.limit} does not hold: ${problem}.`);
    scene.trial.endPart(problem === undefined ? `${proof.limit} holds` : `${proof.limit} does not hold: ${problem}`);
  }
}

function planTrials({ provider, record }: TrialScene): PlannedTrial[] {
  const { capabilities } = provider;
  return LIMIT_TRIALS.flatMap((trial) => {
    const value = trial.valueFor(capabilities);
    const program = programOf(trial, record.languages, capabilities);
    if (value === undefined || program === undefined) return [];
    return [{ trial, value, request: { ...program, limits: requestLimits(trial, value, capabilities) } }];
  });
}

async function tryLimit(
  scene: TrialScene,
  { trial, value, request }: PlannedTrial,
): Promise<{ proof: Passport['limits'][number]; problem?: string }> {
  const { limit } = trial;
  try {
    const result = await runProgram(scene, request);
    const problem = problemOf(trial, result);
    if (problem !== undefined) return { proof: { limit, value, held: false, status: knownStatus(result) }, problem };
    return { proof: { limit, value, held: true, status: trial.proof?.status ?? null } };
  } catch (error) {
    if (scene.trial.isOver) throw error;
    return { proof: { limit, value, held: false, status: null }, problem: describeFailure(error) };
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
