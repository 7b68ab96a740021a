import { problemOfError, StepFailure, type Problem } from './describe-failure.ts';
import type { PassportRecord } from './passport-record.ts';
import type { Trial } from './trial.ts';

/** What the trial looks at besides what its steps ask of the provider. */
const TITLES = {
  configuration: 'The configuration is taken, and makes the provider that it is for',
  health: 'The provider tells its health',
  languages: 'Programs run',
  limits: 'Limits can be tried',
  latency: 'Calls can be measured',
  isolation: 'Health report, results and evidence name the same isolation',
  cases: 'Promises of the contract can be tried',
  deadline: 'The trial ends in time',
  close: 'The provider closes',
} as const;

type CheckId = keyof typeof TITLES;

/** Tells that something is as it should be. */
export function tellPassedCheck(trial: Trial, id: CheckId, message: string): void {
  trial.find({ kind: 'check', id, title: TITLES[id], outcome: 'passed', message, durationMs: 0 });
}

/** Tells that something is not. */
export function tellFailedCheck(trial: Trial, id: CheckId, { message, remedy }: Pick<Problem, 'message' | 'remedy'>): void {
  trial.find({ kind: 'check', id, title: TITLES[id], outcome: 'failed', message, durationMs: 0, remedy });
}

/** Tells what ended a step, beyond what the step itself has told. */
export function tellFailedStep(trial: Trial, error: unknown): void {
  if (error instanceof StepFailure && trial.hasFailure) return;
  const problem = error instanceof StepFailure ? { message: error.message } : problemOfError(error);
  tellFailedCheck(trial, trial.step === 'create' ? 'configuration' : trial.step, problem);
}

/** Tells which isolation was measured, once everything has run that measures. */
export function tellIsolation(trial: Trial, { isolation, isolationProblem }: PassportRecord): void {
  if (isolationProblem !== undefined) tellFailedCheck(trial, 'isolation', { message: isolationProblem });
  else if (isolation !== undefined) tellPassedCheck(trial, 'isolation', `It is ${isolation.kind}, measured by ${isolation.measuredBy}.`);
}
