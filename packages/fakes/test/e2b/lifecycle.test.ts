import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeE2b, type FakeE2b, type FakeE2bOptions } from '../../src/index.ts';
import { anyText, textWith } from '../matchers.ts';
import { connectionTo, failureOf, vendorSdks } from './e2b-user.ts';
import { outputOf, WireUser } from './wire.ts';

const PATIENTLY = { timeout: 10_000 };

let clockMs = Date.parse('2026-01-01T00:00:00Z');
let fake: FakeE2b;

beforeAll(async () => {
  fake = await startFakeE2b({ fileSystem: 'mapped', now: () => clockMs });
});

afterAll(() => fake.close());

/** A fake of its own for one test, with no sandbox yet. */
const fakeWith = (options: FakeE2bOptions): Promise<FakeE2b> => startFakeE2b({ fileSystem: 'mapped', ...options });
const stateOf = (sandboxId: string): string | undefined => fake.sandboxes().find((view) => view.sandboxId === sandboxId)?.state;

describe('a sandbox', () => {
  test('is created with what both dialects say of it', async () => {
    const user = new WireUser(fake);
    const first = await user.control('POST', '/sandboxes', { templateID: 'base', secure: false, metadata: { a: 'b' } });
    expect(first).toMatchObject({ status: 201, json: { sandboxID: anyText, templateID: 'base', clientID: anyText, envdVersion: '0.5.7' } });
    expect(first.json).not.toHaveProperty('envdAccessToken');
    const second = await user.control('POST', '/v2/sandboxes', {
      templateID: 'base',
      secure: false,
      allow_internet_access: false,
      network: { denyOut: ['0.0.0.0/0'] },
    });
    expect(second.json).toMatchObject({ envdAccessToken: anyText });
    const { sandboxID: secondId } = second.json as { sandboxID: string };
    const [one, two] = fake.sandboxes();
    expect(one).toMatchObject({
      dialect: 'v1',
      isSecured: false,
      endAtMs: clockMs + 15_000,
      metadata: { a: 'b' },
      allowInternetAccess: undefined,
    });
    expect(two).toMatchObject({
      dialect: 'v2',
      isSecured: true,
      endAtMs: clockMs + 300_000,
      allowInternetAccess: false,
      network: { denyOut: ['0.0.0.0/0'] },
    });
    const info = await user.control('GET', `/sandboxes/${secondId}`);
    expect(info.json).toMatchObject({
      state: 'running',
      startedAt: '2026-01-01T00:00:00.000Z',
      endAt: '2026-01-01T00:05:00.000Z',
      allowInternetAccess: false,
    });
    expect(
      (await user.control('PUT', `/sandboxes/${secondId}/network`, { allow_internet_access: true, allowOut: ['x.example'] })).status,
    ).toBe(204);
    expect(fake.sandboxes()[1]).toMatchObject({ allowInternetAccess: true, network: { allowOut: ['x.example'] } });
    expect((await user.control('GET', `/sandboxes/${secondId}/metrics`)).json).toMatchObject([{ cpuCount: 2 }]);
    for (const { sandboxId } of fake.sandboxes()) await user.control('DELETE', `/sandboxes/${sandboxId}`);
    expect(fake.sandboxes()).toEqual([]);
  });

  test('ends when its time is over, with its connections', async () => {
    const user = await new WireUser(fake).open({ templateID: 'base', timeout: 60 });
    const before = fake.executions.length;
    const failing = failureOf(user.run('exec sleep 600'));
    await expect.poll(() => fake.executions.length, PATIENTLY).toBe(before + 1);
    clockMs += 59_000;
    expect(stateOf(user.sandboxId)).toBe('running');
    clockMs += 1_000;
    expect(await failing).toMatchObject({ code: 'ECONNRESET' });
    expect(await user.control('GET', `/sandboxes/${user.sandboxId}`)).toMatchObject({
      status: 404,
      json: { code: 404, message: textWith(user.sandboxId) },
    });
    expect((await user.inSandbox({ path: '/health' })).status).toBe(502);
  });

  test('pauses instead where it was asked to, and goes on', async () => {
    const user = await new WireUser(fake).open({ templateID: 'base', timeout: 60, autoPause: true });
    await user.run('echo kept > kept.txt');
    const ticking = user.run('while :; do date +%N > tick.txt; sleep 0.02; done').catch((error: unknown) => error);
    await expect.poll(async () => (await user.processes()).length, PATIENTLY).toBe(1);
    clockMs += 60_000;
    await expect.poll(() => stateOf(user.sandboxId), PATIENTLY).toBe('paused');
    expect(await ticking).toMatchObject({ code: 'ECONNRESET' });
    expect(await user.inSandbox({ path: '/files?path=kept.txt' })).toMatchObject({ status: 502, json: { code: 502 } });
    expect(await user.control('POST', `/sandboxes/${user.sandboxId}/timeout`, { timeout: 60 })).toMatchObject({ status: 404 });
    expect(await user.control('POST', `/sandboxes/${user.sandboxId}/pause`, {})).toMatchObject({ status: 409, json: { code: 409 } });
    expect(await user.control('POST', `/v2/sandboxes/${user.sandboxId}/connect`, { timeout: 30 })).toMatchObject({ status: 201 });
    expect(fake.sandboxes().at(-1)).toMatchObject({ state: 'running', endAtMs: clockMs + 30_000 });
    expect(await user.processes()).toHaveLength(1);
    const tick = async (): Promise<string> => outputOf((await user.run('cat tick.txt')).frames);
    const then = await tick();
    await expect.poll(tick, PATIENTLY).not.toBe(then);
    expect(await user.control('DELETE', `/sandboxes/${user.sandboxId}`)).toMatchObject({ status: 204 });
  });

  test('keeps its files, and not its programs, when it pauses without its memory', async () => {
    const user = await new WireUser(fake).open({ timeout: 60 });
    await user.execute({ code: 'kept = open("kept.txt", "w").write("kept")' });
    await user.control('POST', `/sandboxes/${user.sandboxId}/pause`, { memory: false });
    expect((await user.control('POST', `/sandboxes/${user.sandboxId}/connect`, { timeout: 60 })).status).toBe(201);
    expect((await user.inSandbox({ path: '/files?path=kept.txt' })).body.toString()).toBe('kept');
    const { events } = await user.execute({ code: '"kept" in globals()' });
    expect(events).not.toContainEqual({ type: 'result', text: 'True', is_main_result: true });
    await user.control('DELETE', `/sandboxes/${user.sandboxId}`);
  });

  test('lives longer after a connection, never shorter', async () => {
    const user = await new WireUser(fake).open({ templateID: 'base', timeout: 60 });
    const connect = (timeout: number): Promise<{ status: number }> =>
      user.control('POST', `/v2/sandboxes/${user.sandboxId}/connect`, { timeout });
    expect((await connect(10)).status).toBe(200);
    expect(fake.sandboxes().at(-1)?.endAtMs).toBe(clockMs + 60_000);
    await connect(90);
    expect(fake.sandboxes().at(-1)?.endAtMs).toBe(clockMs + 90_000);
    expect((await user.control('POST', `/sandboxes/${user.sandboxId}/timeout`, { timeout: 5 })).status).toBe(204);
    expect(fake.sandboxes().at(-1)?.endAtMs).toBe(clockMs + 5_000);
    await fake.expire(user.sandboxId);
    expect(stateOf(user.sandboxId)).toBeUndefined();
  });

  test('is listed by state, template and time, in both orders', async () => {
    const old = await new WireUser(fake).open({ templateID: 'base' });
    clockMs += 1_000;
    const young = await new WireUser(fake).open({ templateID: 'base' });
    await old.control('POST', `/sandboxes/${old.sandboxId}/pause`, {});
    const list = async (path: string): Promise<string[]> =>
      ((await old.control('GET', path)).json as { sandboxID: string }[]).map(({ sandboxID }) => sandboxID);
    expect(await list('/v2/sandboxes')).toEqual([young.sandboxId, old.sandboxId]);
    expect(await list('/v2/sandboxes?order=asc&template=base')).toEqual([old.sandboxId, young.sandboxId]);
    expect(await list('/v2/sandboxes?state=paused')).toEqual([old.sandboxId]);
    expect(await list('/sandboxes')).toEqual([young.sandboxId]);
    expect(await list(`/v2/sandboxes?startedAfter=${new Date(clockMs - 500).toISOString()}`)).toEqual([young.sandboxId]);
    expect((await old.control('GET', '/v2/sandboxes?limit=0')).status).toBe(400);
    expect((await old.control('GET', '/v2/sandboxes?nextToken=x')).status).toBe(400);
    await Promise.all([fake.expire(young.sandboxId), old.control('DELETE', `/sandboxes/${old.sandboxId}`)]);
  });

  test.each([
    ['an unknown template', { templateID: 'nothing' }, 404],
    ['no template', { templateID: undefined }, 400],
    ['a life that is too long', { timeout: 86_401 }, 400],
    ['metadata that is no text', { metadata: { a: 1 } }, 400],
  ])('is not made of %s', async (_title, input, status) => {
    const user = new WireUser(fake);
    expect(await user.control('POST', '/v2/sandboxes', { templateID: 'base', ...input })).toMatchObject({
      status,
      json: { code: status, message: anyText },
    });
    expect(fake.sandboxes()).toEqual([]);
  });

  test.each([
    ['GET', '', undefined],
    ['DELETE', '', undefined],
    ['POST', '/timeout', { timeout: 1 }],
    ['POST', '/pause', {}],
    ['POST', '/connect', {}],
    ['GET', '/metrics', undefined],
    ['PUT', '/network', {}],
  ])('that is not there is unknown to %s %s', async (method, path, body) => {
    expect(await new WireUser(fake).control(method, `/sandboxes/inothing${path}`, body)).toMatchObject({
      status: 404,
      json: { code: 404 },
    });
  });
});

describe('a service', () => {
  test.each([
    [429, { code: 429 }],
    [503, { code: 503, error_code: 'sandbox_capacity_unavailable' }],
  ] as const)('that is full answers %d', async (capacityStatus, json) => {
    await using full = await fakeWith({ maxSandboxes: 1, capacityStatus });
    const user = await new WireUser(full).open({ templateID: 'base' });
    expect(await user.control('POST', '/v2/sandboxes', { templateID: 'base' })).toMatchObject({ status: capacityStatus, json });
    await user.control('DELETE', `/sandboxes/${user.sandboxId}`);
    await user.open({ templateID: 'base' });
  });

  test.each([
    [404, '404 page not found\n'],
    [405, 'Method Not Allowed\n'],
  ] as const)('of the first dialect answers the second with %d', async (absentStatus, text) => {
    await using old = await fakeWith({ dialects: ['v1'], absentStatus });
    const reply = await new WireUser(old).control('POST', '/v2/sandboxes', { templateID: 'base' });
    expect([reply.status, reply.headers['content-type'], reply.body.toString()]).toEqual([absentStatus, 'text/plain; charset=utf-8', text]);
    const [, oldSdk] = vendorSdks[2] ?? [];
    const [, newSdk] = vendorSdks[3] ?? [];
    expect(await failureOf(newSdk?.Sandbox.create('base', connectionTo(old)) ?? Promise.resolve())).toMatchObject({ name: 'SandboxError' });
    await oldSdk?.Sandbox.create('base', connectionTo(old));
    expect(old.sandboxes()).toMatchObject([{ dialect: 'v1' }]);
  });

  test('says of what it lacks that it is not implemented', async () => {
    await using poor = await fakeWith({
      absent: ['PauseSandbox', 'SetTimeout'],
      absentStatus: 501,
      templates: { other: { envdVersion: '0.2.0', templateId: 'tid' } },
    });
    const user = await new WireUser(poor).open({ templateID: 'tid' });
    expect(await user.control('POST', `/sandboxes/${user.sandboxId}/pause`, {})).toMatchObject({ status: 501, json: { code: 501 } });
    expect((await user.control('GET', `/sandboxes/${user.sandboxId}`)).json).toMatchObject({
      templateID: 'tid',
      alias: 'other',
      envdVersion: '0.2.0',
    });
  });

  test('has no server for code where the template has none, and asks for its traffic token', async () => {
    await using strict = await fakeWith({ trafficAccessToken: 'traffic', domain: 'sandboxes.example' });
    const bare = await new WireUser(strict).open({ templateID: 'base' });
    expect(await bare.execute({ code: '1' })).toMatchObject({
      status: 502,
      json: { sandboxId: bare.sandboxId, port: 49999, code: 502, message: textWith('port is not open') },
    });
    const user = await new WireUser(strict).open();
    expect((await user.execute({ code: '1' })).status).toBe(403);
    expect((await user.execute({ code: '1' }, { headers: { 'e2b-traffic-access-token': 'traffic' } })).status).toBe(200);
    expect((await user.control('POST', '/v2/sandboxes', { templateID: 'base' })).json).toMatchObject({
      trafficAccessToken: 'traffic',
      domain: 'sandboxes.example',
    });
  });
});
