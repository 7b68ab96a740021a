import { startFakeE2b, type FakeE2b } from '@sandport/fakes';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Gateway, type PassedRequest } from './gateway.ts';
import { leftIn, ONE_RUN, runOnce, runTraced, withProvider } from './our-run.ts';
import { asSource, connectionTo, failureOf, vendorVersions, type VendorSdk } from './vendor-sdk.ts';

const STRAY_KEY = 'e2b_key-of-another-service';
const STRAY_TOKEN = 'sk_e2b_token-of-another-service';

let meant: FakeE2b;
/** The service that another program on this machine uses: its address and key are in the environment. */
let stray: FakeE2b;

beforeEach(async () => {
  [meant, stray] = await Promise.all([startFakeE2b({ accessToken: 'bearer-of-ours' }), startFakeE2b({ apiKey: STRAY_KEY })]);
  vi.stubEnv('E2B_API_URL', stray.url);
  vi.stubEnv('E2B_SANDBOX_URL', stray.url);
  vi.stubEnv('E2B_DOMAIN', stray.host);
  vi.stubEnv('E2B_API_KEY', STRAY_KEY);
  vi.stubEnv('E2B_ACCESS_TOKEN', STRAY_TOKEN);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([meant.close(), stray.close()]);
});

const strays = (passed: readonly PassedRequest[]): PassedRequest[] =>
  passed.filter(({ headers }) => Object.values(headers).some((value) => value.includes(STRAY_KEY) || value.includes(STRAY_TOKEN)));

describe.each(vendorVersions)('options that a call does not repeat: e2b $version', ({ sdk }) => {
  test('the SDK asks another service to kill, to list and to connect, and calls that a success', async () => {
    const sandbox = await sdk.Sandbox.create('base', connectionTo(meant));
    expect(await sdk.Sandbox.kill(sandbox.sandboxId)).toBe(false);
    expect(meant.sandboxes()).toHaveLength(1);
    expect(await sdk.Sandbox.list().nextItems()).toEqual([]);
    expect(await failureOf(sdk.Sandbox.connect(sandbox.sandboxId))).toMatchObject({
      name: expect.stringMatching(/NotFoundError$/) as unknown,
    });
    expect(stray.requests.map(({ operation }) => operation)).toEqual(['KillSandbox', 'ListSandboxes', 'ConnectSandbox']);
  });

  test('the SDK creates where it is told and works where the environment says', async () => {
    const { apiUrl, apiKey, requestTimeoutMs } = connectionTo(meant);
    const sandbox = await sdk.Sandbox.create('base', { apiUrl, apiKey, requestTimeoutMs });
    expect(await failureOf(sandbox.commands.run('true'))).toMatchObject({
      name: expect.stringMatching(/^(TimeoutError|SandboxNotFoundError|NotFoundError)$/) as unknown,
    });
    expect(meant.sandboxes()).toHaveLength(1);
    expect(stray.requests.some(({ operation }) => operation === 'StartProcess')).toBe(true);
  });

  test('ours calls the stored service only, with what is stored only', async () => {
    vi.stubEnv('E2B_DEBUG', 'true');
    await using gateway = await Gateway.open(meant.url);
    const config = { apiUrl: gateway.url, sandboxUrl: gateway.url };
    expect(await runOnce(meant, { sdk: asSource(sdk), config })).toEqual(ONE_RUN);
    expect(await runOnce(meant, { sdk: asSource(sdk), config: { ...config, way: 'code-interpreter' } })).toEqual(ONE_RUN);
    const options = { sdk: asSource(sdk), config };
    await withProvider(meant, options, async (maker) => {
      const { id } = await maker.createSandbox({ language: 'python', reconnectable: true });
      await withProvider(meant, options, async (taker) => {
        const sandbox = await taker.connectSandbox(id);
        await runTraced(sandbox);
        await sandbox.destroy();
      });
    });
    expect(leftIn(meant)).toEqual([]);
    expect(stray.requests).toEqual([]);
    expect(strays(gateway.passed)).toEqual([]);
  });

  test('ours sends no key of the environment beside a token that is stored', async () => {
    await using gateway = await Gateway.open(meant.url);
    const config = { apiKey: undefined, accessToken: 'bearer-of-ours', apiUrl: gateway.url, sandboxUrl: gateway.url };
    expect(await runOnce(meant, { sdk: asSource(sdk), config })).toEqual(ONE_RUN);
    expect(strays(gateway.passed)).toEqual([]);
    expect(gateway.passed.filter(({ headers }) => 'x-api-key' in headers)).toEqual([]);
  });
});

describe('E2B_DEBUG in the environment', () => {
  test.each(vendorVersions)('e2b $version gives a sandbox that nobody has made', async ({ sdk }: { sdk: VendorSdk }) => {
    vi.stubEnv('E2B_DEBUG', 'true');
    const sandbox = await sdk.Sandbox.create('base', connectionTo(meant));
    expect(sandbox.sandboxId).toBe('debug_sandbox_id');
    expect(meant.requests).toEqual([]);
    expect(meant.sandboxes()).toEqual([]);
  });
});

describe('E2B_ACCESS_TOKEN in the environment', () => {
  test('e2b 2.20.0 sends it to the service whose address and key it was given', async () => {
    await using gateway = await Gateway.open(meant.url);
    await vendorVersions[0]?.sdk.Sandbox.create('base', connectionTo({ url: gateway.url, apiKey: meant.apiKey }));
    expect(gateway.to('/sandboxes')[0]?.headers['authorization']).toBe(`Bearer ${STRAY_TOKEN}`);
  });
});
