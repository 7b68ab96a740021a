import { SANDBOX_LIMIT_RANGES, type SandboxLimits } from '@sandport/core';
import type { CapabilityName } from './capability-name.ts';
import type { ConformanceContext } from './conformance-case.ts';
import { expectEqual, expectRefusal } from './expectations.ts';

/** What the contract promises of a capability that a provider does not declare, where it promises anything. */
export const REFUSALS: { readonly [Name in CapabilityName]?: (context: ConformanceContext) => Promise<void> } = {
  files: refusesFiles,
  environment: refusesEnvironment,
  'limits.memory': (context) => refusesLimit(context, 'memoryBytes'),
  'limits.processes': (context) => refusesLimit(context, 'processes'),
  'limits.disk': (context) => refusesLimit(context, 'diskBytes'),
  'limits.cpus': (context) => refusesLimit(context, 'cpus'),
  'limits.openFiles': (context) => refusesLimit(context, 'openFiles'),
  'executionsPerSandbox.many': refusesSecondExecution,
  stdin: refusesInput,
  contexts: refusesContexts,
  lifetimes: refusesLifetimes,
  reconnect: refusesReconnection,
};

async function refusesSecondExecution({ language, createSandbox, signal }: ConformanceContext): Promise<void> {
  const sandbox = await createSandbox({ language });
  await sandbox.execute({ code: '', language }, { signal });
  await expectRefusal(sandbox.execute({ code: '', language }), 'SANDBOX_CLOSED');
}

async function refusesInput({ language, createSandbox }: ConformanceContext): Promise<void> {
  const sandbox = await createSandbox({ language });
  await expectRefusal(sandbox.execute({ code: '', language, stdin: 'text' }), 'CAPABILITY_UNSUPPORTED', 'stdin');
  const stream = (async function* pieces() {
    yield 'text';
  })();
  await expectRefusal(sandbox.execute({ code: '', language, stdin: stream }), 'CAPABILITY_UNSUPPORTED', 'stdin');
}

async function refusesContexts({ language, createSandbox }: ConformanceContext): Promise<void> {
  const sandbox = await createSandbox({ language });
  await expectRefusal(sandbox.createContext(), 'CAPABILITY_UNSUPPORTED');
  await expectRefusal(
    Promise.resolve().then(() => sandbox.context('a-context')),
    'CAPABILITY_UNSUPPORTED',
  );
}

async function refusesLifetimes({ language, createSandbox }: ConformanceContext): Promise<void> {
  await expectRefusal(createSandbox({ language, idleTimeoutMs: 60_000 }), 'CAPABILITY_UNSUPPORTED', 'idleTimeoutMs');
  await expectRefusal(createSandbox({ language, lifetimeMs: 60_000 }), 'CAPABILITY_UNSUPPORTED', 'lifetimeMs');
  const sandbox = await createSandbox({ language });
  expectEqual(sandbox.expiresAtMs, null, 'expiresAtMs');
  await expectRefusal(sandbox.extend(60_000), 'CAPABILITY_UNSUPPORTED');
}

async function refusesReconnection({ language, createSandbox, provider }: ConformanceContext): Promise<void> {
  await expectRefusal(createSandbox({ language, reconnectable: true }), 'CAPABILITY_UNSUPPORTED', 'reconnectable');
  const sandbox = await createSandbox({ language });
  await expectRefusal(provider.connectSandbox(sandbox.id), 'CAPABILITY_UNSUPPORTED');
}

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
