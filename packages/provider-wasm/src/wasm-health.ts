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
import { checkOf, poolChecks, probeCheck, type PoolDescription } from '@sandport/provider-kit';
import type { ChildLauncher } from './child/child-launcher.ts';
import { PROVIDER_ID, toWasmError, WASM_TERMS } from './wasm-errors.ts';

/** What a look at the provider's health needs. */
export interface WasmHealthOptions {
  readonly launcher: ChildLauncher;
  readonly signal: AbortSignal | undefined;
  /** Runs a trivial program through the whole path. */
  readonly probe: (language: Language) => Promise<ExecutionResult>;
  readonly describePool: () => PoolDescription;
}

/** Looks at the modules, and runs a trivial program in each language whose module is there. */
export async function checkWasmHealth(options: WasmHealthOptions): Promise<HealthReport> {
  const began = performance.now();
  const checks: HealthCheck[] = [];
  let isolation: MeasuredIsolation | null = null;
  for (const language of LANGUAGES) isolation = (await lookAt(language, options, checks)) ?? isolation;
  if (isolation !== null) checks.push(boundaryCheck(isolation));
  checks.push(...poolChecks(WASM_TERMS, options.describePool()));
  return {
    providerId: PROVIDER_ID,
    status: healthStatusOf(checks),
    isolation,
    checks,
    checkedAt: new Date().toISOString(),
    durationMs: performance.now() - began,
  };
}

async function lookAt(language: Language, options: WasmHealthOptions, checks: HealthCheck[]): Promise<MeasuredIsolation | null> {
  const { launcher, probe, signal } = options;
  try {
    const description = await launcher.describeModule(language, signal);
    checks.push(checkOf(`module.${language}`, undefined, description));
  } catch (error) {
    checks.push(checkOf(`module.${language}`, toWasmError(error, 'prepare the module'), ''));
    return null;
  }
  const { check, isolation } = await probeCheck({
    language,
    probe,
    toError: (error) => toWasmError(error, 'run a program'),
    remedy: 'Raise the limits of the configuration, and look at the load of the machine.',
  });
  checks.push(check);
  return isolation;
}

/** What the boundary rests on is no fault, but whoever looks is to know it. */
function boundaryCheck({ hardening = [] }: MeasuredIsolation): HealthCheck {
  const besides =
    hardening.length === 0 ? 'Nothing more was taken from it on this machine' : `Taken from it besides: ${hardening.join(', ')}`;
  return {
    name: 'isolation',
    status: 'ok',
    message: `The boundary is V8's WebAssembly in a child process. ${besides}. For code of strangers choose gVisor or a service.`,
  };
}
