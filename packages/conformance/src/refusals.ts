import { SANDBOX_LIMIT_RANGES, type SandboxLimits } from '@sandport/core';
import type { CapabilityName } from './capability-name.ts';
import type { ConformanceContext } from './conformance-case.ts';
import { expectRefusal } from './expectations.ts';

/** What the contract promises of a capability that a provider does not declare, where it promises anything. */
export const REFUSALS: { readonly [Name in CapabilityName]?: (context: ConformanceContext) => Promise<void> } = {
  files: refusesFiles,
  environment: refusesEnvironment,
  'limits.memory': (context) => refusesLimit(context, 'memoryBytes'),
  'limits.processes': (context) => refusesLimit(context, 'processes'),
  'limits.disk': (context) => refusesLimit(context, 'diskBytes'),
};

async function refusesLimit({ language, createSandbox }: ConformanceContext, name: keyof SandboxLimits): Promise<void> {
  const call = createSandbox({ language, limits: { [name]: SANDBOX_LIMIT_RANGES[name].min } });
  await expectRefusal(call, 'CAPABILITY_UNSUPPORTED', `limits.${name}`);
}

async function refusesEnvironment({ language, createSandbox }: ConformanceContext): Promise<void> {
  const sandbox = await createSandbox({ language });
  await expectRefusal(sandbox.execute({ code: '', language, environment: { NAME: 'value' } }), 'CAPABILITY_UNSUPPORTED', 'environment');
}

async function refusesFiles({ language, createSandbox }: ConformanceContext): Promise<void> {
  const sandbox = await createSandbox({ language });
  await expectRefusal(sandbox.execute({ code: '', language, files: { 'a.txt': 'x' } }), 'CAPABILITY_UNSUPPORTED', 'files');
  await expectRefusal(sandbox.writeFile('a.txt', 'x'), 'CAPABILITY_UNSUPPORTED');
  await expectRefusal(sandbox.readFile('a.txt'), 'CAPABILITY_UNSUPPORTED');
}
