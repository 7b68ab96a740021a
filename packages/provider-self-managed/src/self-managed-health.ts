import { performance } from 'node:perf_hooks';
import {
  healthStatusOf,
  type CallOptions,
  type HealthCheck,
  type HealthReport,
  type Language,
  type MeasuredIsolation,
  type SandboxError,
} from '@sandport/core';
import { OTHER_ROUTES } from '@sandport/executor-api';
import { checkOf, probeCheck, runProbe } from '@sandport/provider-kit';
import { z } from 'zod';
import type { Executor } from './executor.ts';
import type { Endpoint } from './http/endpoint.ts';
import type { HttpClient } from './http/http-client.ts';
import { describeExecutor } from './native/describe-executor.ts';
import { TENANT_OF_TOKEN } from './native/sandbox-line.ts';
import { PROVIDER_ID, toSelfManagedError } from './self-managed-errors.ts';

/** What a look at executors of ours needs. */
export interface SelfManagedHealthOptions {
  readonly client: HttpClient;
  readonly endpoints: readonly Endpoint[];
  readonly executor: Pick<Executor, 'createSandbox'>;
  readonly call: CallOptions;
}

const OPERATION = 'check health';

/** As much of what an executor says of itself as is told on. */
const readinessSchema = z.object({
  status: z.string(),
  checks: z.array(
    z.object({ name: z.string(), status: z.enum(['ok', 'warning', 'failed']), message: z.string(), remedy: z.string().optional() }),
  ),
});

/** Looks at each executor and what it says of itself, and runs a trivial program in each language through the whole path. */
export async function checkSelfManagedHealth(options: SelfManagedHealthOptions): Promise<HealthReport> {
  const began = performance.now();
  const checks: HealthCheck[] = [];
  const languages = new Set<Language>();
  for (const endpoint of options.endpoints) for (const language of await lookAt(endpoint, options, checks)) languages.add(language);
  let isolation: MeasuredIsolation | null = null;
  for (const language of languages) isolation = (await probe(language, options, checks)) ?? isolation;
  if (languages.size === 0 && !checks.some(({ status }) => status === 'failed')) checks.push(NO_EXECUTOR);
  return {
    providerId: PROVIDER_ID,
    status: healthStatusOf(checks),
    isolation,
    checks,
    checkedAt: new Date().toISOString(),
    durationMs: performance.now() - began,
  };
}

/** The report where it is not even known what there is to be looked at. */
export function failedHealth(error: SandboxError, durationMs: number): HealthReport {
  const checks = [checkOf('executor', error, '')];
  return {
    providerId: PROVIDER_ID,
    status: healthStatusOf(checks),
    isolation: null,
    checks,
    checkedAt: new Date().toISOString(),
    durationMs,
  };
}

const NO_EXECUTOR: HealthCheck = {
  name: 'executors',
  status: 'failed',
  message: 'No executor can be used.',
  remedy: 'Mend one of those that the other checks name.',
};

/** The languages that the executor runs; none where there is no executor to be used. */
async function lookAt(
  endpoint: Endpoint,
  { client, endpoints, call }: SelfManagedHealthOptions,
  checks: HealthCheck[],
): Promise<readonly Language[]> {
  // One of several that fails is made good by the others.
  const suffix = endpoints.length === 1 ? '' : `.${endpoint.host}`;
  const add = (check: HealthCheck): void => void checks.push({ ...check, name: `${check.name}${suffix}` });
  try {
    const { executor, providerId, capabilities } = await describeExecutor({ client, endpoint, operation: OPERATION, call });
    add(checkOf('executor', undefined, `"${executor}" answers at ${endpoint.host} and runs programs by its provider "${providerId}".`));
    for (const check of await ownChecks(endpoint, client, call)) add(check);
    return capabilities.languages;
  } catch (error) {
    const check = checkOf('executor', toSelfManagedError(error, OPERATION), '');
    add(endpoints.length === 1 ? check : { ...check, status: 'warning' });
    return [];
  }
}

/** What it found when it looked at itself. It answers 503 when that was not good. */
async function ownChecks(endpoint: Endpoint, client: HttpClient, { signal }: CallOptions): Promise<HealthCheck[]> {
  const request = { action: OPERATION, endpoint, method: 'GET', path: OTHER_ROUTES.ready } as const;
  const parsed = readinessSchema.safeParse(await client.call(request, { signal, isSafe: true, alsoGood: [503] }));
  if (!parsed.success) return [];
  return parsed.data.checks.map(({ name, status, message, remedy }) => ({
    name: `executor.${name}`,
    // Whether programs run is found out by running one.
    status: status === 'failed' ? 'warning' : status,
    message,
    ...(status === 'ok' ? {} : { remedy: remedy ?? 'Look at the log of the executor.' }),
  }));
}

async function probe(
  language: Language,
  { executor, call }: SelfManagedHealthOptions,
  checks: HealthCheck[],
): Promise<MeasuredIsolation | null> {
  const { check, isolation } = await probeCheck({
    language,
    // A token that is good for one tenant may not name another.
    probe: () => runProbe(executor, language, call, TENANT_OF_TOKEN),
    toError: (error) => toSelfManagedError(error, OPERATION),
    remedy: 'Look at the log of the executor, and at the runtimes of the provider behind it.',
  });
  checks.push(check);
  return isolation;
}
