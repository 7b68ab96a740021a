import { createProvider, SandboxError, type JsonObject, type ProviderDefinition } from '@sandport/core';
import { startFakeAgentRun, startFakeE2b, startFakeRagflowExecutor } from '@sandport/fakes';
import { aliyunProvider } from '@sandport/provider-aliyun';
import { e2bProvider } from '@sandport/provider-e2b';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { expect, onTestFinished, test } from 'vitest';
import { ConnectionGuard } from '../../../src/index.ts';

interface FarSide {
  readonly definition: ProviderDefinition;
  readonly config: JsonObject;
  /** Requests that have arrived. */
  readonly arrived: () => number;
}

const programNetwork = process.getuid?.() === 0 ? 'none' : process.platform === 'linux' ? 'filtered' : 'sandbox';

const farSides: readonly (readonly [string, () => Promise<FarSide>])[] = [
  [
    "E2B's client",
    async () => {
      const fake = await startFakeE2b();
      onTestFinished(() => fake.close());
      const { apiKey, url } = fake;
      const config = { service: 'custom', apiKey, apiUrl: url, sandboxUrl: url, template: 'code-interpreter-v1', programNetwork };
      return { definition: e2bProvider, config, arrived: () => fake.requests.length };
    },
  ],
  [
    'the client of AgentRun',
    async () => {
      const fake = await startFakeAgentRun();
      onTestFinished(() => fake.close());
      const { accountId, accessKeyId, accessKeySecret } = fake.account;
      const config = { accountId, accessKeyId, accessKeySecret, region: fake.region, controlEndpoint: fake.url, dataEndpoint: fake.url };
      return { definition: aliyunProvider, config, arrived: () => fake.requests.length };
    },
  ],
  [
    'our client of executors',
    async () => {
      const fake = await startFakeRagflowExecutor();
      onTestFinished(() => fake.close());
      return { definition: selfManagedProvider, config: { endpoint: fake.url, maxRetries: 0 }, arrived: () => fake.requests.length };
    },
  ],
];

/** What became of an attempt to reach the far side. */
async function reach({ definition, config }: FarSide): Promise<SandboxError | undefined> {
  const provider = createProvider(definition, config);
  try {
    const sandbox = await provider.createSandbox({ language: 'python' });
    await sandbox.destroy();
    return undefined;
  } catch (error) {
    if (SandboxError.isInstance(error)) return error;
    throw error;
  } finally {
    await provider.close();
  }
}

test.each(farSides)('%s reaches nothing that is not allowed, and says why', { timeout: 60_000 }, async (_name, start) => {
  const farSide = await start();
  const installed = new ConnectionGuard().install();
  onTestFinished(() => installed[Symbol.dispose]());
  const error = await reach(farSide);
  expect(farSide.arrived()).toBe(0);
  // Each client passes on what it met in its own way, with the code at least.
  expect(`${error?.code} ${JSON.stringify(error?.details)}`).toContain('POLICY_VIOLATED');
});

test.each(farSides)('%s reaches what is allowed', { timeout: 60_000 }, async (_name, start) => {
  const farSide = await start();
  const installed = new ConnectionGuard({ allowedPrivateNetworks: ['127.0.0.1'] }).install();
  onTestFinished(() => installed[Symbol.dispose]());
  await reach(farSide);
  expect(farSide.arrived()).toBeGreaterThan(0);
});
