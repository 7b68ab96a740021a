import { startFakeE2b } from '@sandport/fakes';
import { ownerMark } from '@sandport/provider-kit';
import { describe, expect, test } from 'vitest';
import { cleanE2bSandboxes } from '../../src/index.ts';
import { configOf } from '../fake-service.ts';
import { Gateway } from './gateway.ts';
import { ONE_RUN, runOnce } from './our-run.ts';
import { connectionTo } from './vendor-call.ts';
import { sdkOf, vendorVersions } from './vendor-sdk.ts';

/** A service, or a gateway before it, that does not know the filter. */
const withoutFilter = (path: string): string => path.replace(/([?&])metadata=[^&]*&?/, '$1');

/** Of a process of this machine that does not live. */
async function deadMarks(): Promise<Record<string, string>> {
  const { machine } = await ownerMark();
  return { sandport: '1', 'sandport-owner': `${machine}.999999999.1`, 'sandport-tag': '0'.repeat(24), 'sandport-maker': '0'.repeat(24) };
}

describe.concurrent.each(vendorVersions)('the filter by metadata: e2b $version', ({ sdk }) => {
  test('the SDK encodes it three times, so that most services misread it', async () => {
    await using fake = await startFakeE2b();
    await sdk.Sandbox.list({ ...connectionTo(fake), query: { metadata: { 'a b': 'c&d' } } }).nextItems();
    expect(fake.requests[0]?.path).toContain('metadata=a%252520b%3Dc%252526d');
  });

  test("the SDK gives others' sandboxes as ours when a service ignores it", async () => {
    await using fake = await startFakeE2b();
    await using gateway = await Gateway.open(fake.url, { toPath: withoutFilter });
    const others = await sdk.Sandbox.create('base', { ...connectionTo(fake), metadata: { team: 'another' } });
    const through = connectionTo({ url: gateway.url, apiKey: fake.apiKey });
    const listed = await sdk.Sandbox.list({ ...through, query: { metadata: { team: 'ours' } } }).nextItems();
    expect(listed.map(({ sandboxId }) => sandboxId)).toEqual([others.sandboxId]);
  });
});

const newest = sdkOf('2.51.0');

describe.concurrent('a service that ignores the filter by metadata', () => {
  test('ours ends what its lost call has made, and nothing of others', async () => {
    await using fake = await startFakeE2b();
    await using gateway = await Gateway.open(fake.url, { toPath: withoutFilter });
    const others = await newest.Sandbox.create('base', { ...connectionTo(fake), metadata: { team: 'another' } });
    const making = [{ match: { operation: 'CreateSandbox' }, times: 1, fault: { kind: 'cut', when: 'after-work' } }] as const;
    expect(await runOnce(fake, { config: { apiUrl: gateway.url }, making })).toEqual(ONE_RUN);
    expect(gateway.to('/sandboxes').some(({ method, path }) => method === 'GET' && path.includes('metadata='))).toBe(true);
    expect(fake.sandboxes().map(({ sandboxId }) => sandboxId)).toEqual([others.sandboxId]);
  });

  test('ours cleans up after the dead, and after nobody else', async () => {
    await using fake = await startFakeE2b();
    await using gateway = await Gateway.open(fake.url, { toPath: withoutFilter });
    const others = await newest.Sandbox.create('base', { ...connectionTo(fake), metadata: { ...(await deadMarks()), sandport: '2' } });
    const dead = await newest.Sandbox.create('base', { ...connectionTo(fake), metadata: await deadMarks() });
    expect(await cleanE2bSandboxes(configOf(fake, { apiUrl: gateway.url }))).toMatchObject({ deleted: [dead.sandboxId] });
    expect(fake.sandboxes().map(({ sandboxId }) => sandboxId)).toEqual([others.sandboxId]);
  });
});
