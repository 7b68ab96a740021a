import { startFakeE2b, type FakeE2b } from '@sandport/fakes';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Gateway } from './gateway.ts';
import { leftIn, ONE_RUN, runOnce, runTraced, withProvider } from './our-run.ts';
import { STRAY_KEY, straying, stubEnvironment } from './stray-environment.ts';
import { asSource, vendorVersions } from './vendor-sdk.ts';

/** The service that another program on this machine uses: everything that the SDK reads of the environment leads there. */
let stray: FakeE2b;

beforeAll(async () => {
  stray = await startFakeE2b({ apiKey: STRAY_KEY });
  stubEnvironment(stray);
  vi.stubEnv('E2B_DEBUG', 'true');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  expect(stray.requests).toEqual([]);
  await stray.close();
});

describe.concurrent.each(vendorVersions)('the environment of another program: e2b $version', ({ sdk }) => {
  test('ours calls the stored service only, with what is stored only', async () => {
    await using fake = await startFakeE2b();
    await using gateway = await Gateway.open(fake.url);
    const options = { sdk: asSource(sdk), config: { apiUrl: gateway.url, sandboxUrl: gateway.url } };
    expect(await runOnce(fake, options)).toEqual(ONE_RUN);
    await withProvider(fake, options, async (maker) => {
      const { id } = await maker.createSandbox({ language: 'python', reconnectable: true });
      await withProvider(fake, options, async (taker) => {
        const sandbox = await taker.connectSandbox(id);
        await runTraced(sandbox);
        await sandbox.destroy();
      });
    });
    expect(leftIn(fake)).toEqual([]);
    expect(straying(gateway.passed)).toEqual([]);
    expect(stray.requests).toEqual([]);
  });

  test('ours sends no key of the environment beside a token that is stored', async () => {
    await using fake = await startFakeE2b({ accessToken: 'bearer-of-ours' });
    await using gateway = await Gateway.open(fake.url);
    const config = { apiKey: undefined, accessToken: 'bearer-of-ours', apiUrl: gateway.url, sandboxUrl: gateway.url };
    expect(await runOnce(fake, { sdk: asSource(sdk), config })).toEqual(ONE_RUN);
    expect(straying(gateway.passed)).toEqual([]);
    expect(gateway.passed.filter(({ headers }) => 'x-api-key' in headers)).toEqual([]);
    expect(stray.requests).toEqual([]);
  });
});

describe.concurrent('the environment of another program, and the interpreter', () => {
  test('ours sends nothing of it', async () => {
    await using fake = await startFakeE2b();
    await using gateway = await Gateway.open(fake.url);
    const config = { apiUrl: gateway.url, sandboxUrl: gateway.url, way: 'code-interpreter' };
    expect(await runOnce(fake, { config })).toEqual(ONE_RUN);
    expect(straying(gateway.passed)).toEqual([]);
    expect(stray.requests).toEqual([]);
  });
});
