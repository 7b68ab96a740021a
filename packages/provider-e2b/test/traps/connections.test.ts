import dns from 'node:dns';
import { startFakeE2b, type E2bOperation, type FakeE2b } from '@sandport/fakes';
import { Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addressOf, ENVD_PORT } from '../../src/sandbox/addresses.ts';
import { configOf } from '../fake-service.ts';
import { Gateway } from './gateway.ts';
import { settingsFor } from './our-interpreter.ts';
import { leftIn, ONE_RUN, runOnce, runTraced, tracesIn, withProvider } from './our-run.ts';
import { connectionTo, isOpenAfter } from './vendor-call.ts';

/** The SDK's own is 200; it reads this when it makes its first stream. */
const STREAMS = 2;
/** To how many transfers the SDK holds itself, and nobody can change that. */
const TRANSFERS = 10;

const HOST = 'sandboxes.example';
const PATIENTLY = { timeout: 10_000 } as const;
const countOf = (fake: FakeE2b, operation: E2bOperation): number =>
  fake.requests.filter((request) => request.operation === operation).length;

beforeAll(() => {
  vi.stubEnv('E2B_ENVD_RPC_CONNECTIONS', String(STREAMS));
  // Each sandbox has a host of its own, as in a domain with a wildcard.
  const lookUp = dns.lookup.bind(dns) as (host: string, ...rest: readonly unknown[]) => void;
  const answer = (host: string, ...rest: readonly unknown[]): void => lookUp(host.endsWith(HOST) ? '127.0.0.1' : host, ...rest);
  vi.spyOn(dns, 'lookup').mockImplementation(answer);
});

afterAll(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('one address for all sandboxes', () => {
  test('the SDK moves ten files at a time over it, in all sandboxes together', async () => {
    await using fake = await startFakeE2b();
    const sandboxes = await Promise.all([1, 2].map(() => Sandbox.create('base', connectionTo(fake))));
    await Promise.all(sandboxes.map(({ files }) => files.write('text.txt', 'some')));
    const removeFault = fake.faults.add({ match: { operation: 'ReadFile' }, times: TRANSFERS, fault: { kind: 'hang' } });
    const withdrawn = new AbortController();
    const reads = sandboxes.flatMap(({ files }) => Array.from({ length: 6 }, () => files.read('text.txt', { signal: withdrawn.signal })));
    const settled = Promise.allSettled(reads);
    await vi.waitFor(() => expect(countOf(fake, 'ReadFile')).toBe(TRANSFERS), PATIENTLY);
    expect(await isOpenAfter(Promise.any(reads), 300)).toBe(true);
    expect(countOf(fake, 'ReadFile')).toBe(TRANSFERS);
    removeFault();
    withdrawn.abort();
    await settled;
  });

  test('the SDK follows so many commands over it, and lets the next one wait for them', async () => {
    await using fake = await startFakeE2b();
    const sandboxes = await Promise.all([1, 2, 3].map(() => Sandbox.create('base', connectionTo(fake))));
    const commands = sandboxes.map((sandbox) => sandbox.commands.run('exec sleep 600', { background: true, requestTimeoutMs: 10_000 }));
    await vi.waitFor(() => expect(countOf(fake, 'StartProcess')).toBe(STREAMS), PATIENTLY);
    expect(await isOpenAfter(Promise.all(commands), 300)).toBe(true);
    expect(countOf(fake, 'StartProcess')).toBe(STREAMS);
    await (await Promise.race(commands)).disconnect();
    await Promise.all(commands);
    expect(countOf(fake, 'StartProcess')).toBe(STREAMS + 1);
  });

  test('ours refuses a configuration that would need more than the SDK can carry', async () => {
    await using fake = await startFakeE2b();
    const withMost = (maxSandboxes: number, sandboxUrl: string) => () => configOf(fake, { maxSandboxes, sandboxUrl });
    expect(withMost(181, fake.url)).toThrow(/maxSandboxes/);
    expect(withMost(180, fake.url)).not.toThrow();
    expect(withMost(1000, `http://{port}-{sandbox}.${HOST}`)).not.toThrow();
  });
});

describe('an address with a path', () => {
  const withoutPrefix = (path: string): string => path.replace(/^\/behind/, '');

  test('the SDK loses the path where it signs addresses, and the address where it names hosts', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', { ...connectionTo(fake), sandboxUrl: `${fake.url}/behind` });
    expect(new URL(await sandbox.uploadUrl('text.txt')).pathname).toBe('/files');
    expect(sandbox.getHost(8080)).toBe(`8080-${sandbox.sandboxId}.e2b.app`);
  });

  test.each(['commands', 'code-interpreter'])('ours keeps it, by way of %s', async (way) => {
    await using fake = await startFakeE2b();
    await using gateway = await Gateway.open(fake.url, { toPath: withoutPrefix });
    expect(await runOnce(fake, { config: { way, sandboxUrl: `${gateway.url}/behind/`, maxSandboxes: STREAMS } })).toEqual(ONE_RUN);
    expect(gateway.passed.filter(({ path }) => !path.startsWith('/behind/') || path.startsWith('/behind//'))).toEqual([]);
    expect(gateway.passed.length).toBeGreaterThan(2);
  });
});

describe('an address for each sandbox', () => {
  test('ours gives each sandbox one, also where the SDK would not', async () => {
    await using fake = await startFakeE2b();
    const place = { sandboxId: 'ione' };
    expect(addressOf(settingsFor(fake, { sandboxUrl: `http://{port}-{sandbox}.${HOST}/` }), place, ENVD_PORT)).toBe(
      `http://49983-ione.${HOST}`,
    );
    const plain = { sandboxUrl: undefined, apiUrl: undefined, domain: 'e2b.app' };
    expect(addressOf(settingsFor(fake, plain), place, ENVD_PORT)).toBe('https://49983-ione.e2b.app');
  });

  test('ours works in more sandboxes than one address has streams', async () => {
    await using fake = await startFakeE2b();
    const config = { sandboxUrl: `http://{port}-{sandbox}.${HOST}:${fake.host.split(':')[1] ?? ''}`, way: 'commands' };
    await withProvider(fake, { config }, async (provider) => {
      const sandboxes = await Promise.all([1, 2, 3, 4].map(() => provider.createSandbox({ language: 'python' })));
      const runs = await Promise.all(sandboxes.map((sandbox) => runTraced(sandbox)));
      expect(runs.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed', 'completed']);
      expect(await Promise.all(sandboxes.map((sandbox) => tracesIn(sandbox)))).toEqual(['x', 'x', 'x', 'x']);
      expect(countOf(fake, 'StartProcess')).toBe(4);
      await Promise.all(sandboxes.map((sandbox) => sandbox.destroy()));
    });
    expect(leftIn(fake)).toEqual([]);
  });
});
