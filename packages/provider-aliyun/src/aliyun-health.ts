import { performance } from 'node:perf_hooks';
import {
  healthStatusOf,
  LANGUAGES,
  type SandboxError,
  type ExecutionResult,
  type HealthCheck,
  type HealthReport,
  type Language,
  type MeasuredIsolation,
} from '@sandport/core';
import { boundaryCheck, checkOf, leftBehindCheck, poolChecks, probeCheck, type PoolDescription } from '@sandport/provider-kit';
import type { AliyunProviderConfig } from './aliyun-provider-config.ts';
import { ALIYUN_TERMS, aliyunError, failureReasonOf, isNotFound, PROVIDER_ID } from './aliyun-errors.ts';
import type { Template } from './control/control-schemas.ts';
import type { AgentRunAccount } from './sandbox/agentrun-account.ts';

/** What a look at the provider's health needs. */
export interface AliyunHealthOptions {
  readonly config: AliyunProviderConfig;
  readonly account: AgentRunAccount;
  readonly signal: AbortSignal | undefined;
  /** Runs a trivial program through the whole path. */
  readonly probe: (language: Language) => Promise<ExecutionResult>;
  readonly describePool: () => PoolDescription;
}

const LOOK_TIMEOUT_MS = 10_000;
/** Nobody's sandbox: whoever may ask for it is told that there is none. */
const NOBODYS_SANDBOX = 'sandport-health-check';

/** Looks at the settings, the two planes, the template and what was left behind, and runs a trivial program in each language. */
export async function checkAliyunHealth(options: AliyunHealthOptions): Promise<HealthReport> {
  const began = performance.now();
  const checks: HealthCheck[] = [];
  let isolation: MeasuredIsolation | null = null;
  if (await lookAtAccount(options, checks)) {
    for (const language of LANGUAGES) isolation = (await lookAtLanguage(language, options, checks)) ?? isolation;
    if (isolation !== null)
      checks.push(boundaryCheck({ isolation, network: options.config.programNetwork === 'template' ? OPEN_NETWORK : null }));
    checks.push(await leftBehindOf(options));
  }
  checks.push(...poolChecks(ALIYUN_TERMS, options.describePool()));
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
async function lookAtAccount({ account, config, signal }: AliyunHealthOptions, checks: HealthCheck[]): Promise<boolean> {
  const look = async (name: string, goodMessage: string, action: () => Promise<void>): Promise<boolean> => {
    try {
      await action();
      checks.push(checkOf(name, undefined, goodMessage));
      return true;
    } catch (error) {
      checks.push(checkOf(name, errorOf(account, error), ''));
      return false;
    }
  };
  const isConfigured = await look('settings', 'Credentials and account are configured.', async () => {
    if (account.settings.data === undefined) throw missingAccount();
    await account.keys.getKey();
  });
  if (!isConfigured) return false;
  const isControlOpen = await look('control-plane', `The access key is good for ${account.settings.region}.`, async () => {
    await account.templates.look(signal);
  });
  if (!isControlOpen) return false;
  let template: Template | undefined;
  const isTemplateReady = await look('template', `The template "${account.settings.templateName}" is ready.`, async () => {
    account.templates.forget();
    template = await account.templates.ready(signal);
    noteDifferences(config, template, checks);
  });
  if (!isTemplateReady) return false;
  return look('data-plane', 'The access key may work in sandboxes of the account.', () => lookAtDataPlane(account, template, signal));
}

/** The key was taken by the control plane. Where the data plane refuses it all the same, the account or one permission is what is left; the template tells whose account it is. */
async function lookAtDataPlane(account: AgentRunAccount, template: Template | undefined, signal: AbortSignal | undefined): Promise<void> {
  const owner = ownerOf(template);
  const { accountId } = account.settings;
  if (owner !== undefined && accountId !== undefined && owner !== accountId) {
    throw aliyunError('AUTHENTICATION_FAILED', 'check account', `The access key belongs to account ${owner}, not to ${accountId}.`, {
      suggestion: `Store ${owner} as "accountId", or a key of the other account.`,
      details: { reason: 'wrong-account' },
    });
  }
  try {
    await account.data.isReady(NOBODYS_SANDBOX, { signal, timeoutMs: LOOK_TIMEOUT_MS });
  } catch (error) {
    if (isNotFound(error)) return;
    const known = errorOf(account, error);
    if (failureReasonOf(known) !== 'data-refused' || owner === undefined) throw known;
    // Key, clock and account are right: one permission is what is left.
    throw aliyunError('AUTHENTICATION_FAILED', 'check account', 'The access key lacks the permission agentrun:InvokeSandbox.', {
      suggestion: 'Give its RAM user the action agentrun:InvokeSandbox: docs/providers/aliyun.md has the whole policy.',
      details: { ...known.details, reason: 'no-permission' },
      cause: error,
    });
  }
}

/** The account in the name of a resource: `acs:agentrun:REGION:ACCOUNT:templates/NAME`. */
function ownerOf(template: Template | undefined): string | undefined {
  return template?.templateArn?.split(':').find((part) => /^\d{5,20}$/.test(part));
}

function missingAccount(): SandboxError {
  return aliyunError(
    'CONFIG_MISSING',
    'configure',
    'accountId: is stored nowhere, and neither AGENTRUN_ACCOUNT_ID or FC_ACCOUNT_ID is set.',
    {
      suggestion: 'Store "accountId": the number of the main account, which the console shows at the upper right.',
      details: { field: 'accountId' },
    },
  );
}

/** What is configured holds for a template that is made here; one that exists keeps its own. */
function noteDifferences(config: AliyunProviderConfig, template: Template, checks: HealthCheck[]): void {
  const megabytes = config.memoryBytes / (1024 * 1024);
  const differences = [
    ...(template.memory !== null && template.memory !== undefined && template.memory !== megabytes
      ? [`memory of ${template.memory} MB`]
      : []),
    ...(template.cpu !== null && template.cpu !== undefined && template.cpu !== config.cpus ? [`${template.cpu} processors`] : []),
  ];
  if (differences.length === 0) return;
  checks.push({
    name: 'template-size',
    status: 'warning',
    message: `The template has ${differences.join(' and ')}, which is not what is configured.`,
    remedy: 'Change the template in the AgentRun console, or choose another "templateName", which is made as configured.',
  });
}

async function lookAtLanguage(
  language: Language,
  { account, probe }: AliyunHealthOptions,
  checks: HealthCheck[],
): Promise<MeasuredIsolation | null> {
  const { check, isolation } = await probeCheck({
    language,
    probe,
    toError: (error) => errorOf(account, error),
    remedy: 'Look at the size of the template, and at the sandbox in the AgentRun console.',
  });
  checks.push(check);
  return isolation;
}

const OPEN_NETWORK = {
  message: 'The network of programs is that of the template.',
  remedy: 'Choose "none" as "programNetwork", unless the network of the template leads nowhere.',
};

function leftBehindOf({ account, signal }: AliyunHealthOptions): Promise<HealthCheck> {
  const look = async (): Promise<string[]> => [...(await account.reap(false, signal)).abandoned, ...account.leftBehind];
  return leftBehindCheck(look, (error) => errorOf(account, error));
}

function errorOf(account: AgentRunAccount, error: unknown): SandboxError {
  return account.toError(error, 'check health');
}
