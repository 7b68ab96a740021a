import { startFakeE2b, type FakeE2b, type FakeE2bRequestRecord } from '@sandport/fakes';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Gateway } from './gateway.ts';
import { STRAY_KEY, STRAY_TOKEN, stubEnvironment } from './stray-environment.ts';
import { connectionTo, failureOf } from './vendor-call.ts';
import { sdkOf, vendorVersions } from './vendor-sdk.ts';

let meant: FakeE2b;
/** The service that another program on this machine uses: its address and key are in the environment. */
let stray: FakeE2b;
/** How many requests each had when the test began. */
let earlier: readonly [number, number];

beforeAll(async () => {
  [meant, stray] = await Promise.all([startFakeE2b(), startFakeE2b({ apiKey: STRAY_KEY })]);
});

beforeEach(() => {
  earlier = [meant.requests.length, stray.requests.length];
  stubEnvironment(stray);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

afterAll(() => Promise.all([meant.close(), stray.close()]));

const atMeant = (): readonly FakeE2bRequestRecord[] => meant.requests.slice(earlier[0]);
const atStray = (): readonly FakeE2bRequestRecord[] => stray.requests.slice(earlier[1]);
const lives = ({ sandboxId }: { readonly sandboxId: string }): boolean => meant.sandboxes().some((view) => view.sandboxId === sandboxId);

describe.each(vendorVersions)('options that a call does not repeat: e2b $version', ({ sdk }) => {
  test('the SDK asks another service to kill, to list and to connect, and calls that a success', async () => {
    const sandbox = await sdk.Sandbox.create('base', connectionTo(meant));
    expect(await sdk.Sandbox.kill(sandbox.sandboxId)).toBe(false);
    expect(lives(sandbox)).toBe(true);
    expect(await sdk.Sandbox.list().nextItems()).toEqual([]);
    expect(await failureOf(sdk.Sandbox.connect(sandbox.sandboxId))).toMatchObject({
      name: expect.stringMatching(/NotFoundError$/) as unknown,
    });
    expect(atStray().map(({ operation }) => operation)).toEqual(['KillSandbox', 'ListSandboxes', 'ConnectSandbox']);
  });

  test('the SDK creates where it is told and works where the environment says', async () => {
    const { apiUrl, apiKey, requestTimeoutMs } = connectionTo(meant);
    const sandbox = await sdk.Sandbox.create('base', { apiUrl, apiKey, requestTimeoutMs });
    expect(await failureOf(sandbox.commands.run('true'))).toMatchObject({
      name: expect.stringMatching(/^(TimeoutError|SandboxNotFoundError|NotFoundError)$/) as unknown,
    });
    expect(lives(sandbox)).toBe(true);
    expect(atStray().some(({ operation }) => operation === 'StartProcess')).toBe(true);
  });
});

describe('E2B_DEBUG in the environment', () => {
  test.each(vendorVersions)('e2b $version gives a sandbox that nobody has made', async ({ sdk }) => {
    vi.stubEnv('E2B_DEBUG', 'true');
    const sandbox = await sdk.Sandbox.create('base', connectionTo(meant));
    expect(sandbox.sandboxId).toBe('debug_sandbox_id');
    expect(atMeant()).toEqual([]);
  });
});

describe('E2B_ACCESS_TOKEN in the environment', () => {
  test('e2b 2.20.0 sends it to the service whose address and key it was given', async () => {
    await using gateway = await Gateway.open(meant.url);
    await sdkOf('2.20.0').Sandbox.create('base', connectionTo({ url: gateway.url, apiKey: meant.apiKey }));
    expect(gateway.to('/sandboxes')[0]?.headers['authorization']).toBe(`Bearer ${STRAY_TOKEN}`);
  });
});
