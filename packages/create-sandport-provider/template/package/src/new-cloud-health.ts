import { performance } from 'node:perf_hooks';
import {
  healthStatusOf,
  LANGUAGES,
  type ExecutionResult,
  type HealthCheck,
  type HealthReport,
  type Language,
  type MeasuredIsolation,
} from '@sandport/core';
import { boundaryCheck, poolChecks, probeCheck, type PoolDescription } from '@sandport/provider-kit';
import { NEW_CLOUD_TERMS, PROVIDER_ID, toNewCloudError } from './new-cloud-errors.ts';
import type { SandboxService } from './service/sandbox-service.ts';

/** What a look at the provider's health needs. */
export interface NewCloudHealthOptions {
  readonly warning: SandboxService['warning'];
  /** Sandboxes that could not be ended. */
  readonly leftBehind: ReadonlySet<string>;
  /** Runs a trivial program through the whole path. */
  readonly probe: (language: Language) => Promise<ExecutionResult>;
  readonly describePool: () => PoolDescription;
}

/** Runs a trivial program in each language, and says what separates programs from each other and what was left behind. */
export async function checkNewCloudHealth({ warning, leftBehind, probe, describePool }: NewCloudHealthOptions): Promise<HealthReport> {
  const began = performance.now();
  const checks: HealthCheck[] = [];
  let isolation: MeasuredIsolation | null = null;
  for (const language of LANGUAGES) {
    const probed = await probeCheck({
      language,
      probe,
      toError: (error) => toNewCloudError(error, 'run a program'),
      remedy: 'Look at the load of the machine.',
    });
    checks.push(probed.check);
    isolation = probed.isolation ?? isolation;
  }
  if (warning !== null) checks.push({ name: 'isolation', status: 'warning', ...warning });
  else if (isolation !== null) checks.push(boundaryCheck({ isolation, network: null }));
  if (leftBehind.size > 0) {
    checks.push({
      name: 'left-behind',
      status: 'warning',
      message: `${leftBehind.size} sandboxes could not be ended.`,
      remedy: 'End them at the service; closing the provider tries it again.',
    });
  }
  checks.push(...poolChecks(NEW_CLOUD_TERMS, describePool()));
  return {
    providerId: PROVIDER_ID,
    status: healthStatusOf(checks),
    isolation,
    checks,
    checkedAt: new Date().toISOString(),
    durationMs: performance.now() - began,
  };
}
