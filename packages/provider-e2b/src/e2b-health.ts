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
import {
  boundaryCheck,
  checkOf,
  leftBehindCheck,
  poolChecks,
  probeCheck,
  type BoundaryFacts,
  type PoolDescription,
} from '@sandport/provider-kit';
import type { E2bProviderConfig } from './e2b-provider-config.ts';
import { E2B_TERMS, PROVIDER_ID, toE2bError } from './e2b-errors.ts';
import { isAbsent } from './http/e2b-failure.ts';
import type { E2bAccount } from './sandbox/e2b-account.ts';
import { tagMetadata } from './sandbox/sandbox-marks.ts';
import { checkSettings } from './settings/resolve-settings.ts';
import { KNOWN_SERVICES } from './settings/services.ts';

/** What a look at the provider's health needs. */
export interface E2bHealthOptions {
  readonly config: E2bProviderConfig;
  readonly account: E2bAccount;
  readonly signal: AbortSignal | undefined;
  /** Runs a trivial program through the whole path. */
  readonly probe: (language: Language) => Promise<ExecutionResult>;
  readonly describePool: () => PoolDescription;
}

/** Looks at the settings, the control plane and what was left behind, runs a trivial program in each language, and says what of the protocol the service was seen to speak. */
export async function checkE2bHealth(options: E2bHealthOptions): Promise<HealthReport> {
  const began = performance.now();
  const checks: HealthCheck[] = [];
  let isolation: MeasuredIsolation | null = null;
  if (await lookAtService(options, checks)) {
    for (const language of LANGUAGES) isolation = (await lookAtLanguage(language, options, checks)) ?? isolation;
    if (isolation !== null) checks.push(...dialectChecks(options), boundaryCheck({ isolation, network: openNetwork(options.config) }));
    // Where nothing is listed, that has been said.
    if (checks.some(({ name, status }) => name === 'control-plane' && status === 'ok')) checks.push(await leftBehindOf(options));
  }
  checks.push(...poolChecks(E2B_TERMS, options.describePool()));
  return {
    providerId: PROVIDER_ID,
    status: healthStatusOf(checks),
    isolation,
    checks,
    checkedAt: new Date().toISOString(),
    durationMs: performance.now() - began,
  };
}

/** Says whether it is worth going on: each finding before explains those after it. */
async function lookAtService({ account, config, signal }: E2bHealthOptions, checks: HealthCheck[]): Promise<boolean> {
  try {
    checkSettings(account.settings, config);
    checks.push(checkOf('settings', undefined, `${KNOWN_SERVICES[config.service].displayName} is configured.`));
  } catch (error) {
    checks.push(checkOf('settings', toE2bError(error, 'check health'), ''));
    return false;
  }
  try {
    // Nobody's mark: it tells whether the key is good and costs nothing.
    await account.control.listSandboxes(tagMetadata('none'), undefined, { signal });
    checks.push(checkOf('control-plane', undefined, `The key is good for ${new URL(account.settings.apiUrl).host}.`));
  } catch (error) {
    // Without a list nothing can be found that was left; making sandboxes is another matter.
    const known = toE2bError(error, 'check health');
    if (!isAbsent(error)) {
      checks.push(checkOf('control-plane', known, ''));
      return false;
    }
    checks.push({
      name: 'control-plane',
      status: 'warning',
      message: 'The service lists no sandboxes: what is left behind by killed programs cannot be found.',
      remedy: 'Keep "abandonedAfterMs" short; the service ends what is left after that time.',
    });
  }
  return true;
}

async function lookAtLanguage(language: Language, { probe }: E2bHealthOptions, checks: HealthCheck[]): Promise<MeasuredIsolation | null> {
  const { check, isolation } = await probeCheck({
    language,
    probe,
    toError: (error) => toE2bError(error, 'check health'),
    remedy: "Look at the size of the template, and at the sandbox in the service's dashboard.",
  });
  checks.push(check);
  return isolation;
}

/** What was found out about the service by using it. */
function dialectChecks({ account, config }: E2bHealthOptions): HealthCheck[] {
  const dialect = account.control.dialect.known ?? 'unknown';
  const way = account.wayName ?? 'unknown';
  const checks: HealthCheck[] = [
    {
      name: 'protocol',
      status: 'ok',
      message: `The service makes sandboxes in dialect ${dialect}; programs go in by ${way === 'commands' ? 'commands' : 'the code interpreter'}.`,
    },
  ];
  if (!account.keepsTime) {
    checks.push({
      name: 'time',
      status: 'warning',
      message: `The service does not put the end of a sandbox off: each is made for ${config.serviceLifetimeMs} ms, and costs that when this program is killed.`,
      remedy: 'Lower "serviceLifetimeMs" to what your longest sessions need.',
    });
  }
  return checks;
}

/** What is said of programs that keep the network of their sandbox. */
function openNetwork({ programNetwork, allowInternetAccess }: E2bProviderConfig): BoundaryFacts['network'] {
  if (programNetwork !== 'sandbox') return null;
  return {
    message: `Programs have the network of their sandbox${allowInternetAccess ? ', and with it the internet' : ''}.`,
    remedy: 'Choose "none" as "programNetwork", unless programs are meant to have a network.',
  };
}

function leftBehindOf({ account, signal }: E2bHealthOptions): Promise<HealthCheck> {
  const look = async (): Promise<string[]> => [...(await account.reap(false, signal)).abandoned, ...account.leftBehind];
  return leftBehindCheck(look, (error) => toE2bError(error, 'check health'));
}
