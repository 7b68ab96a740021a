import { StepFailure } from '../describe-failure.ts';
import type { TrialScene } from '../run-program.ts';

/** Lets the provider look at everything that a call needs. Warnings do not speak against it. */
export async function tryHealth({ trial, record, provider }: TrialScene): Promise<void> {
  trial.begin('health', 1, 'Looking at the health of the provider');
  const { status, isolation, checks } = await trial.wait(provider.checkHealth({ signal: trial.signal }));
  record.addIsolation(isolation);
  const failed = checks.filter((check) => check.status === 'failed');
  if (failed.length > 0 || status === 'unhealthy') {
    const findings = failed.map(({ name, message, remedy }) => `${name}: ${message} ${remedy ?? ''}`);
    throw new StepFailure(`The provider is unhealthy. ${findings.join(' ')}`);
  }
  trial.endPart(status);
}
