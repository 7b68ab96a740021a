import { inspect } from 'node:util';
import type { HealthCheck, HealthReport } from '@sandport/core';
import { startFakeE2b, type FakeE2b } from '@sandport/fakes';
import { describe, expect, test, vi } from 'vitest';
import { createE2bProvider } from '../src/index.ts';
import { configOf, storedConfig } from './fake-service.ts';

/** As vitest's own, whose type is `any`. */
const containing = (text: string): unknown => expect.stringContaining(text);

async function lookAt(fake: FakeE2b, changes: object = {}): Promise<HealthReport> {
  await using provider = createE2bProvider(configOf(fake, changes));
  return await provider.checkHealth();
}

/** The first check that is not good. */
async function findingOf(report: Promise<HealthReport>): Promise<Partial<HealthCheck>> {
  const { checks, status } = await report;
  const finding = checks.find((check) => check.status !== 'ok');
  expect(status).toBe(finding === undefined ? 'healthy' : finding.status === 'warning' ? 'degraded' : 'unhealthy');
  return finding ?? {};
}

const MODES = process.getuid?.() === 0 || process.platform === 'linux';

describe.concurrent('checkHealth', { timeout: 60_000 }, () => {
  test.runIf(MODES).each(['commands', 'code-interpreter'])('runs both languages by %s and says what it measured', async (way) => {
    await using fake = await startFakeE2b();
    const report = await lookAt(fake, { way });
    expect(report).toMatchObject({ providerId: 'e2b', status: 'healthy' });
    expect(report.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['settings', 'control-plane', 'run.python', 'run.javascript', 'protocol', 'isolation', 'left-behind']),
    );
    expect(report.isolation).toMatchObject({ kind: 'remote', measuredBy: 'the word of the service' });
    expect(report.isolation?.hardening).toContain('no-new-privileges');
    expect(fake.sandboxes()).toEqual([]);
  });

  test('says that nothing is configured, and where it was looked for, and calls nobody', async () => {
    await using fake = await startFakeE2b();
    expect(await findingOf(lookAt(fake, { apiKey: undefined }))).toMatchObject({
      name: 'settings',
      status: 'failed',
      message: containing('E2B_API_KEY'),
      remedy: containing('apiKey'),
    });
    expect(await findingOf(lookAt(fake, { apiUrl: undefined }))).toMatchObject({ name: 'settings', remedy: containing('domain') });
    expect(await findingOf(lookAt(fake, { sandboxUrl: undefined }))).toMatchObject({ name: 'settings', remedy: containing('sandboxUrl') });
    expect(fake.requests).toEqual([]);
  });

  test('recognises a key that is unknown, and one that was revoked', async () => {
    await using fake = await startFakeE2b();
    const finding = {
      name: 'control-plane',
      status: 'failed',
      message: 'The service does not know this key.',
      remedy: containing('"apiKey"'),
    };
    expect(await findingOf(lookAt(fake, { apiKey: 'e2b_unknown' }))).toMatchObject(finding);
    const key = fake.addKey();
    await using provider = createE2bProvider(configOf(fake, { apiKey: key }));
    fake.removeKey(key);
    expect(await findingOf(provider.checkHealth())).toMatchObject(finding);
  });

  test('recognises a right that is missing', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add({ match: { operation: 'CreateSandbox' }, fault: { kind: 'status', status: 403 } });
    expect(await findingOf(lookAt(fake))).toMatchObject({ name: 'run.python', message: containing('CreateSandbox') });
  });

  test('recognises a service that cannot be reached, and an address that does not exist', async () => {
    const fake = await startFakeE2b();
    await fake.close();
    expect(await findingOf(lookAt(fake, { requestTimeoutMs: 2000 }))).toMatchObject({
      name: 'control-plane',
      message: 'The service cannot be reached (ECONNREFUSED).',
      remedy: containing('addresses'),
    });
    expect(await findingOf(lookAt(fake, { apiUrl: 'http://api.nowhere.invalid' }))).toMatchObject({
      name: 'control-plane',
      remedy: containing('apiUrl'),
    });
  });

  test('recognises something else that answers in place of the service', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add({ match: { operation: 'ListSandboxes' }, fault: { kind: 'foreign-body' } });
    expect(await findingOf(lookAt(fake))).toMatchObject({ name: 'control-plane', status: 'failed', remedy: containing('gateway') });
  });

  test('recognises sandboxes that cannot be reached though they are made', async () => {
    await using fake = await startFakeE2b();
    expect(await findingOf(lookAt(fake, { sandboxUrl: 'http://127.0.0.1:9', way: 'commands' }))).toMatchObject({
      name: 'run.python',
      status: 'failed',
      message: containing('sandbox cannot be reached'),
      remedy: containing('addresses'),
    });
    expect(fake.sandboxes()).toEqual([]);
  });

  test('recognises an unknown template, one that was made too small, and a life that is too long', async () => {
    await using fake = await startFakeE2b({ maxLifetimeSeconds: 60 });
    expect(await findingOf(lookAt(fake, { abandonedAfterMs: 120_000 }))).toMatchObject({
      name: 'run.python',
      remedy: containing('abandonedAfterMs'),
    });
    expect(await findingOf(lookAt(fake, { template: 'nobodys', abandonedAfterMs: 50_000 }))).toMatchObject({
      name: 'run.python',
      message: 'The service does not know the template.',
      remedy: containing('"template"'),
    });
  });

  test.each([429, 503] as const)('recognises that there is no room (%i)', async (capacityStatus) => {
    await using fake = await startFakeE2b({ maxSandboxes: 0, capacityStatus });
    expect(await findingOf(lookAt(fake))).toMatchObject({ name: 'run.python', remedy: containing('maxSandboxes') });
  });

  test('recognises a token that is dropped on the way into the sandbox', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add({ match: { operation: 'StartProcess' }, fault: { kind: 'refused-key', reason: 'revoked' } });
    expect(await findingOf(lookAt(fake, { way: 'commands' }))).toMatchObject({ name: 'run.python', remedy: containing('X-Access-Token') });
  });

  test('recognises a dialect that is not spoken', async () => {
    await using fake = await startFakeE2b({ dialects: ['v1'] });
    expect(await findingOf(lookAt(fake, { dialect: 'v2' }))).toMatchObject({ name: 'run.python', remedy: containing('dialect') });
  });

  test('warns where programs have a network', async () => {
    await using fake = await startFakeE2b();
    const finding = await findingOf(lookAt(fake, { programNetwork: 'sandbox', allowInternetAccess: true, way: 'commands' }));
    expect(finding).toMatchObject({
      name: 'isolation',
      status: 'warning',
      message: containing('internet'),
      remedy: containing('programNetwork'),
    });
  });

  test('warns of what could not be ended', async () => {
    await using fake = await startFakeE2b();
    await using provider = createE2bProvider(configOf(fake, { way: 'commands', requestTimeoutMs: 1000 }));
    const sandbox = await provider.createSandbox({ language: 'python' });
    const mend = fake.faults.add({ match: { operation: 'KillSandbox' }, fault: { kind: 'status', status: 500 } });
    await sandbox.destroy();
    mend();
    expect(await findingOf(provider.checkHealth())).toMatchObject({
      name: 'left-behind',
      status: 'warning',
      message: containing('1 sandboxes'),
      remedy: containing('sandport doctor --clean'),
    });
    await provider.close();
    expect(fake.sandboxes()).toEqual([]);
  });
});

const SECRET = 'that-nobody-may-see';

describe('no secret', () => {
  test('is in what is reported, thrown or looked at, whatever goes wrong', { timeout: 60_000 }, async () => {
    vi.stubEnv('E2B_ACCESS_TOKEN', `environment-${SECRET}`);
    await using fake = await startFakeE2b({ apiKey: `e2b_${SECRET}`, trafficAccessToken: `traffic-${SECRET}` });
    const proxy = `http://name:proxy-${SECRET}@127.0.0.1:9`;
    const variants: readonly object[] = [
      {},
      { apiKey: `e2b_wrong-${SECRET}` },
      { apiKey: undefined, accessToken: `wrong-${SECRET}` },
      { proxy },
      { proxy, way: 'code-interpreter' },
      { template: 'nobodys' },
      { sandboxUrl: 'http://127.0.0.1:9' },
    ];
    for (const changes of variants) {
      const config = configOf(fake, { way: 'commands', queueTimeoutMs: 8000, ...changes });
      const provider = createE2bProvider(config);
      const report = await provider.checkHealth();
      const thrown: unknown = await provider
        .createSandbox({ language: 'python' })
        .then((sandbox) => sandbox.execute({ code: 'raise SystemExit(1)' }))
        .catch((error: unknown) => error);
      const shown = inspect({ report, thrown, provider, config, capabilities: provider.capabilities }, { depth: 30, showHidden: true });
      expect(shown + JSON.stringify({ report, thrown, config })).not.toContain(SECRET);
      await provider.close();
    }
    expect(JSON.stringify(storedConfig(fake))).toContain(SECRET);
    vi.unstubAllEnvs();
  });
});
