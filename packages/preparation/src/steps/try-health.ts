import { performance } from 'node:perf_hooks';
import type { HealthCheck } from '@sandport/core';
import { StepFailure } from '../describe-failure.ts';
import type { TrialScene } from '../run-program.ts';
import type { TrialFinding } from '../trial-finding.ts';

const OUTCOMES: Readonly<Record<HealthCheck['status'], TrialFinding['outcome']>> = { ok: 'passed', warning: 'warning', failed: 'failed' };

/** Lets the provider look at everything that a call needs. Warnings do not speak against it. */
export async function tryHealth({ trial, record, provider }: Omit<TrialScene, 'capabilities'>): Promise<void> {
  trial.begin('health', 1, 'Looking at the health of the provider');
  const startedAt = performance.now();
  const { status, isolation, checks } = await trial.wait(provider.checkHealth({ signal: trial.signal }));
  const durationMs = performance.now() - startedAt;
  for (const check of checks) {
    const { name, message, remedy } = check;
    trial.find({ kind: 'check', id: name, title: `Health: ${name}`, outcome: OUTCOMES[check.status], message, durationMs, remedy });
  }
  record.addIsolation(isolation);
  const failed = checks.filter((check) => check.status === 'failed');
  if (failed.length > 0 || status === 'unhealthy') {
    const findings = failed.map(({ name, message, remedy }) => `${name}: ${message} ${remedy ?? ''}`);
    throw new StepFailure(`The provider is unhealthy. ${findings.join(' ')}`);
  }
  trial.endPart(status);
}
