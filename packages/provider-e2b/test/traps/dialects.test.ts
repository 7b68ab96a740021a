import { startFakeE2b, type E2bDialect } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { Gateway } from './gateway.ts';
import { leftIn, ONE_RUN, runOnce, runTraced, tracesIn, withProvider } from './our-run.ts';
import { connectionTo, failureOf } from './vendor-call.ts';
import { asSource, sdkOf, vendorVersions } from './vendor-sdk.ts';

const other = { v1: 'v2', v2: 'v1' } as const satisfies Record<E2bDialect, E2bDialect>;

describe.concurrent.each(vendorVersions)('a service without the routes of e2b $version', ({ sdk, dialect }) => {
  test.each([404, 405] as const)('the SDK neither creates nor connects, and says no more than %i', async (absentStatus) => {
    await using fake = await startFakeE2b({ dialects: [other[dialect]], absentStatus });
    const ending = expect.stringContaining(String(absentStatus)) as unknown;
    const created = await failureOf(sdk.Sandbox.create('base', connectionTo(fake)));
    expect(created).toMatchObject({ name: 'SandboxError', message: ending });
    const connected = await failureOf(sdk.Sandbox.connect('isomething', connectionTo(fake)));
    expect(connected).toMatchObject({ name: 'SandboxError', message: ending });
    expect(fake.requests.map(({ path, status }) => [path.startsWith('/v2/'), status])).toEqual([
      [dialect === 'v2', absentStatus],
      [dialect === 'v2', absentStatus],
    ]);
  });

  test.each([404, 405] as const)('ours finds the routes that there are, after a %i', async (absentStatus) => {
    await using fake = await startFakeE2b({ dialects: [other[dialect]], absentStatus });
    expect(await runOnce(fake, { sdk: asSource(sdk), config: { dialect: 'auto' } })).toEqual(ONE_RUN);
  });

  test('ours connects by the routes that there are', async () => {
    await using fake = await startFakeE2b({ dialects: [other[dialect]] });
    const options = { sdk: asSource(sdk), config: { dialect: 'auto' } };
    await withProvider(fake, options, async (maker) => {
      const { id } = await maker.createSandbox({ language: 'python', reconnectable: true });
      await withProvider(fake, options, async (taker) => {
        const sandbox = await taker.connectSandbox(id);
        expect(await runTraced(sandbox)).toMatchObject({ status: 'completed' });
        expect(await tracesIn(sandbox)).toBe('x');
        await sandbox.destroy();
      });
    });
    expect(leftIn(fake)).toEqual([]);
  });
});

describe.concurrent('a service that ends sandboxes after 15 seconds unless it is told otherwise', () => {
  const newest = sdkOf('2.51.0');
  // A gateway that translates the new routes into the old ones, as makers of compatible services do.
  const toPath = (path: string): string => path.replace(/^\/v2\/sandboxes$/, '/sandboxes');

  test('the newest SDK says nothing of a time, and so has none', async () => {
    await using fake = await startFakeE2b({ dialects: ['v1'] });
    await using gateway = await Gateway.open(fake.url, { toPath });
    await newest.Sandbox.create('base', connectionTo({ url: gateway.url, apiKey: fake.apiKey }));
    expect(JSON.parse(gateway.to('/v2/sandboxes')[0]?.body ?? '')).not.toHaveProperty('timeout');
    const [made] = fake.sandboxes();
    expect((made?.endAtMs ?? 0) - (made?.startedAtMs ?? 0)).toBe(15_000);
  });

  test('ours says how long in either dialect, also when it connects', async () => {
    for (const dialect of ['v1', 'v2'] as const) {
      await using fake = await startFakeE2b();
      await using gateway = await Gateway.open(fake.url);
      const options = { config: { dialect, apiUrl: gateway.url } };
      await withProvider(fake, options, async (maker) => {
        const { id } = await maker.createSandbox({ language: 'python', reconnectable: true });
        await withProvider(fake, options, async (taker) => (await taker.connectSandbox(id)).destroy());
      });
      const bodies = [...gateway.to('/sandboxes').filter(({ method }) => method === 'POST'), ...gateway.to('/connect')];
      expect(bodies.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
        expect.objectContaining({ timeout: 300 }),
        expect.objectContaining({ timeout: 300 }),
      ]);
    }
  });
});
