import type { HealthReport, SandboxProvider } from '@sandport/core';
import { startFakeE2b, type E2bOperation, type FakeE2b, type FakeE2bOptions } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { createE2bProvider } from '../src/index.ts';
import { configOf } from './fake-service.ts';

const statuses = [404, 405, 501] as const;

const COMMANDS: readonly E2bOperation[] = ['StartProcess', 'ConnectProcess', 'ListProcesses', 'SendInput', 'SendSignal'];

const containing = (text: string): unknown => expect.stringContaining(text);

/** Runs a program, and has nothing left. */
async function runOnce(provider: SandboxProvider): Promise<unknown> {
  await using sandbox = await provider.createSandbox({ language: 'python' });
  const result = await sandbox.execute({ code: 'def main():\n    return 42\n' });
  return result.status === 'completed' ? result.value : result;
}

interface Service extends AsyncDisposable {
  readonly fake: FakeE2b;
  readonly provider: SandboxProvider;
}

async function startService(options: FakeE2bOptions, changes: object = {}): Promise<Service> {
  const fake = await startFakeE2b(options);
  const provider = createE2bProvider(configOf(fake, changes));
  return {
    fake,
    provider,
    [Symbol.asyncDispose]: async () => {
      await provider.close();
      const left = fake.sandboxes();
      await fake.close();
      expect(left).toEqual([]);
    },
  };
}

function checkNamed(report: HealthReport, name: string): unknown {
  return report.checks.find((check) => check.name === name);
}

describe.concurrent('a service', { timeout: 90_000 }, () => {
  test.each(statuses)('that cannot put an end off (%i) makes sandboxes for the whole time at once', async (absentStatus) => {
    await using service = await startService(
      { absent: ['SetTimeout'], absentStatus },
      { serviceLifetimeMs: 1_200_000, maxLifetimeMs: 600_000, lifetimeMs: 600_000, way: 'commands' },
    );
    const { fake, provider } = service;
    const sandbox = await provider.createSandbox({ language: 'python' });
    const [view] = fake.sandboxes();
    expect(fake.sandboxes()).toHaveLength(1);
    expect((view?.endAtMs ?? 0) - (view?.startedAtMs ?? 0)).toBe(1_200_000);
    await sandbox.destroy();
    expect(await runOnce(provider)).toBe(42);
    // It was found out once.
    expect(fake.requests.filter(({ operation }) => operation === 'SetTimeout')).toHaveLength(1);
    expect(fake.requests.filter(({ operation }) => operation === 'CreateSandbox')).toHaveLength(3);
    const report = await provider.checkHealth();
    expect(report.status, JSON.stringify(report.checks)).toBe('degraded');
    expect(checkNamed(report, 'time')).toMatchObject({ status: 'warning', remedy: containing('serviceLifetimeMs') });
  });

  test.each(statuses)('that lists nothing (%i) works all the same, and health says what that means', async (absentStatus) => {
    await using service = await startService({ absent: ['ListSandboxes'], absentStatus }, { way: 'commands' });
    const { provider } = service;
    expect(await runOnce(provider)).toBe(42);
    const report = await provider.checkHealth();
    expect(report.status).toBe('degraded');
    expect(checkNamed(report, 'control-plane')).toMatchObject({ status: 'warning', remedy: containing('abandonedAfterMs') });
    expect(checkNamed(report, 'left-behind')).toBeUndefined();
  });

  test.each(statuses)('without commands (%i) is gone into by its interpreter, which is found out once', async (absentStatus) => {
    await using service = await startService({ absent: COMMANDS, absentStatus });
    const { fake, provider } = service;
    expect(await runOnce(provider)).toBe(42);
    const tried = fake.requests.filter(({ operation }) => operation === 'StartProcess').length;
    expect(await runOnce(provider)).toBe(42);
    expect(fake.requests.filter(({ operation }) => operation === 'StartProcess')).toHaveLength(tried);
    expect(checkNamed(await provider.checkHealth(), 'protocol')).toMatchObject({ message: containing('code interpreter') });
  });

  test('whose template has no shell is gone into by its interpreter', async () => {
    await using service = await startService({ templates: { odd: { codeInterpreter: true, commands: false } } }, { template: 'odd' });
    expect(await runOnce(service.provider)).toBe(42);
  });

  test.each(statuses)(
    'that has neither commands (%i) nor an interpreter is refused at first use, in words that say so',
    async (absentStatus) => {
      await using service = await startService({ absent: COMMANDS, absentStatus }, { template: 'base' });
      await expect(service.provider.createSandbox({ language: 'python' })).rejects.toMatchObject({
        code: 'PROVIDER_UNAVAILABLE',
        message: containing('no way into the sandbox'),
        details: { reason: 'no-way' },
      });
    },
  );

  test('whose template has neither a shell nor an interpreter is refused at first use', async () => {
    await using service = await startService({ templates: { bare: { commands: false } } }, { template: 'bare' });
    await expect(service.provider.createSandbox({ language: 'python' })).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      suggestion: containing('bash'),
      details: { reason: 'no-way' },
    });
  });

  test('whose template has no interpreter is refused where that way is demanded', async () => {
    await using service = await startService({}, { template: 'base', way: 'code-interpreter' });
    await expect(service.provider.createSandbox({ language: 'python' })).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      details: { reason: 'no-interpreter' },
    });
  });

  test.each(statuses.flatMap((absentStatus) => (['v1', 'v2'] as const).map((dialect) => ({ dialect, absentStatus }))))(
    'that speaks only $dialect ($absentStatus) is understood, which is found out once',
    async ({ dialect, absentStatus }) => {
      await using service = await startService({ dialects: [dialect], absentStatus });
      const { fake, provider } = service;
      expect(await runOnce(provider)).toBe(42);
      expect(await runOnce(provider)).toBe(42);
      const asked = fake.requests.filter(({ operation }) => operation === 'CreateSandbox').map(({ path }) => path);
      expect(asked).toEqual([...(dialect === 'v1' ? ['/v2/sandboxes', '/sandboxes'] : ['/v2/sandboxes']), asked.at(-1)]);
      expect(asked.at(-1)).toBe(dialect === 'v1' ? '/sandboxes' : '/v2/sandboxes');
    },
  );

  test.each(statuses)('that does not speak the dialect that is stored (%i) is refused, in words that say so', async (absentStatus) => {
    await using service = await startService({ dialects: ['v1'], absentStatus }, { dialect: 'v2' });
    await expect(service.provider.createSandbox({ language: 'python' })).rejects.toMatchObject({
      code: 'CAPABILITY_UNSUPPORTED',
      suggestion: containing('dialect'),
      details: { reason: 'absent', action: 'CreateSandbox' },
    });
  });

  test('that tells a gateway a token for its ports has it passed on', async () => {
    await using service = await startService({ trafficAccessToken: 'for-the-gateway' }, { way: 'code-interpreter' });
    expect(await runOnce(service.provider)).toBe(42);
  });

  test('of the first dialect that secures nothing is used without tokens', async () => {
    await using service = await startService({ dialects: ['v1'] }, { secure: false, way: 'commands' });
    expect(await runOnce(service.provider)).toBe(42);
  });

  test('that takes a bearer token in place of a key has it', async () => {
    const accessToken = 'a-token-of-the-service';
    await using service = await startService({ accessToken }, { apiKey: undefined, accessToken, way: 'commands' });
    expect(await runOnce(service.provider)).toBe(42);
  });
});
