import type { HealthCheck } from '@sandport/core';
import { aliyunProviderConfigSchema, createAliyunProvider } from '@sandport/provider-aliyun';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createCarryingHome } from './carrying-home.ts';
import { configure, KEY_SECRET, startFake } from './fake-account.ts';
import { documentOf, type Outcome } from './run-in-process.ts';

const ID = 'aliyun_codeinterpreter';
const DOCTOR = ['doctor', '--provider', ID, '--json'];

/** What doctor says of the origin of each setting. */
function sourcesOf(outcome: Outcome): Record<string, string> {
  const checks = documentOf(outcome)['checks'] as readonly HealthCheck[];
  const sources = checks.filter(({ name }) => name.startsWith('source.'));
  return Object.fromEntries(sources.map(({ name, message }) => [name.slice('source.'.length), message]));
}

test('doctor says where each value comes from, and shows no secret', async () => {
  const fake = await startFake();
  const home = await createCarryingHome();
  await configure(home, fake);
  await home.run(['config', 'set', ID, 'templateName=']);
  const outcome = await home.run(DOCTOR, { environment: { ALIBABA_CLOUD_SECURITY_TOKEN: 'other-token-4711' } });
  const { accessKeyId, accountId } = fake.account;
  expect(sourcesOf(outcome)).toEqual({
    accessKeyId: `"${accessKeyId}", stored in the settings.`,
    accessKeySecret: 'Set, stored in the settings.',
    securityToken: 'Not set.',
    accountId: `"${accountId}", stored in the settings.`,
    region: `"${fake.region}", stored in the settings.`,
    templateName: '"sandport-code-interpreter", the default.',
    controlEndpoint: `"${fake.url}", stored in the settings.`,
    dataEndpoint: `"${fake.url}", stored in the settings.`,
  });
  expect([outcome.exitCode, documentOf(outcome)['status']]).toEqual([0, 'healthy']);
  expect(outcome.stdout).not.toContain(KEY_SECRET);
  expect(outcome.stdout).not.toContain('other-token-4711');
});

test('doctor takes the halves of a key from one family of variables, as the provider does', async () => {
  const home = await createCarryingHome();
  await home.run(['config', 'use', ID, '--no-test']);
  const environment = {
    AGENTRUN_ACCESS_KEY_ID: 'half',
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'whole',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: KEY_SECRET,
    FC_REGION: 'cn-shanghai',
  };
  const outcome = await home.run(['doctor', '--json'], { environment });
  expect(sourcesOf(outcome)).toMatchObject({
    accessKeyId: '"whole", from the variable ALIBABA_CLOUD_ACCESS_KEY_ID.',
    accessKeySecret: 'Set, from the variable ALIBABA_CLOUD_ACCESS_KEY_SECRET.',
    securityToken: 'Not set.',
    accountId: 'Not set.',
    region: '"cn-shanghai", from the variable FC_REGION.',
    controlEndpoint: '"https://agentrun.cn-shanghai.aliyuncs.com", which follows from the others.',
  });
  expect(outcome.stdout).not.toContain(KEY_SECRET);
  await home.run(['config', 'set', ID, 'credentialSource=default-chain', '--no-test']);
  const chained = await home.run(['doctor', '--json'], { environment });
  expect(sourcesOf(chained)['accessKeySecret']).toContain('default chain');
});

test('doctor --clean removes the sandboxes that nobody will end any more, and names them', async () => {
  const hoursMs = 7 * 3_600_000;
  const fake = await startFake({ now: () => performance.timeOrigin + performance.now() });
  const home = await createCarryingHome();
  await configure(home, fake);
  const { accountId, accessKeyId, accessKeySecret } = fake.account;
  const place = { region: fake.region, controlEndpoint: fake.url, dataEndpoint: fake.url };
  await using provider = createAliyunProvider(aliyunProviderConfigSchema.parse({ accountId, accessKeyId, accessKeySecret, ...place }));
  const sandbox = await provider.createSandbox({ language: 'python' });
  const [left] = fake.sandboxes().map(({ sandboxId }) => sandboxId);
  const kept = await home.run([...DOCTOR, '--clean']);
  expect([documentOf(kept)['removed'], fake.sandboxes().length]).toEqual([[], 1]);
  // Everybody but the sandbox is later: its time is over, and the service has not ended it.
  fake.clockOffsetMs = hoursMs;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hoursMs });
  onTestFinished(() => void vi.useRealTimers());
  const cleaned = await home.run([...DOCTOR, '--clean']);
  expect(documentOf(cleaned)['removed']).toEqual([{ kind: 'sandbox', name: left }]);
  expect(cleaned.stdout).toContain(`Removed what was left behind: sandbox ${left}.`);
  expect(fake.sandboxes()).toEqual([]);
  await sandbox.destroy();
});
