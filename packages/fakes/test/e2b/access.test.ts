import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeE2b, type FakeE2b } from '../../src/index.ts';
import { anyText } from '../matchers.ts';
import { connectionTo, failureOf, vendorSdks } from './e2b-user.ts';
import { send, WireUser, type Reply } from './wire.ts';

let fake: FakeE2b;
let user: WireUser;
let clockMs = Date.now();

beforeAll(async () => {
  fake = await startFakeE2b({ fileSystem: 'mapped', accessToken: 'personal-token', now: () => clockMs });
  user = await new WireUser(fake).open({ timeout: 600 });
  await user.inSandbox({
    method: 'POST',
    path: '/files?path=a.txt',
    headers: { 'content-type': 'application/octet-stream' },
    body: 'content',
  });
});

afterAll(() => fake.close());

describe('the control plane', () => {
  const list = (headers: Record<string, string>): Promise<Reply> => send(fake, { path: '/v2/sandboxes', headers });

  test('knows its keys, until they are taken away', async () => {
    const other = fake.addKey();
    expect(other).toMatch(/^e2b_[0-9a-f]{40}$/);
    expect((await list({ 'x-api-key': other })).status).toBe(200);
    expect(fake.requests.at(-1)).toMatchObject({ authenticated: true, plane: 'control', operation: 'ListSandboxes' });
    fake.removeKey(other);
    expect(await list({ 'x-api-key': other })).toMatchObject({ status: 401, json: { code: 401, message: anyText } });
    expect(fake.requests.at(-1)).toMatchObject({ authenticated: false, status: 401 });
  });

  test.each([
    ['no key', {}],
    ['a wrong key', { 'x-api-key': 'e2b_wrong' }],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['a key in place of a token', { authorization: 'personal-token' }],
  ])('refuses %s', async (_title, headers) => {
    expect((await list(headers as Record<string, string>)).status).toBe(401);
  });

  test('takes an access token in place of a key', async () => {
    expect((await list({ authorization: 'Bearer personal-token' })).status).toBe(200);
  });

  test.each(vendorSdks)('is refused by e2b %s as a matter of access', async (_version, sdk) => {
    expect(await failureOf(sdk.Sandbox.create('base', connectionTo(fake, 'e2b_wrong')))).toMatchObject({ name: 'AuthenticationError' });
  });

  test('has no other routes', async () => {
    for (const path of ['/', '/snapshots', '/v3/sandboxes', '/sandboxes/']) expect((await user.control('GET', path)).status).toBe(404);
    expect((await user.control('PATCH', '/sandboxes')).status).toBe(404);
    expect(fake.requests.at(-1)).toMatchObject({ plane: 'control', operation: undefined, path: '/sandboxes' });
  });

  test('keeps no secret in its records', async () => {
    const { token = '' } = user;
    await user.inSandbox({ path: '/files?path=a.txt&signature=v1_secret' });
    const text = JSON.stringify(fake.requests);
    for (const secret of [fake.apiKey, token, 'v1_secret', 'personal-token']) expect(text).not.toContain(secret);
  });
});

describe('the daemon', () => {
  const stat = (headers: Record<string, string>): Promise<Reply> =>
    send(fake, {
      method: 'POST',
      path: '/filesystem.Filesystem/Stat',
      headers: { 'content-type': 'application/json', 'e2b-sandbox-id': user.sandboxId, 'e2b-sandbox-port': '49983', ...headers },
      body: '{"path":"a.txt"}',
    });

  test('demands the token of its sandbox', async () => {
    expect((await stat({ 'x-access-token': user.token ?? '' })).status).toBe(200);
    expect((await stat({})).status).toBe(401);
    expect((await stat({ 'x-access-token': 'wrong' })).status).toBe(401);
    const other = await new WireUser(fake).open({ templateID: 'base' });
    expect((await stat({ 'x-access-token': other.token ?? '' })).status).toBe(401);
  });

  test.each([{}, { 'x-access-token': 'wrong' }])('has its health open to all, with %o', async (headers) => {
    const { status } = await send(fake, {
      path: '/health',
      headers: { 'e2b-sandbox-id': user.sandboxId, 'e2b-sandbox-port': '49983', ...headers },
    });
    expect(status).toBe(204);
  });

  test('demands nothing of a sandbox that is not secured', async () => {
    const open = await new WireUser(fake).open({ templateID: 'base', secure: false }, '/sandboxes');
    expect(open.token).toBeUndefined();
    expect((await open.call('filesystem.Filesystem/Stat', { path: '.' })).status).toBe(200);
    expect((await open.inSandbox({ path: '/files?path=none' })).status).toBe(404);
  });

  test('is found by the host as well', async () => {
    const { 'e2b-sandbox-id': sandboxId = '', 'e2b-sandbox-port': _port, ...headers } = user.headers(49983);
    const reply = await send(fake, { path: '/files?path=a.txt', headers: { ...headers, host: `49983-${sandboxId}.sandboxes.example` } });
    expect([reply.status, reply.body.toString()]).toEqual([200, 'content']);
    const closed = await send(fake, { path: '/', headers: { ...headers, host: `8080-${sandboxId}.sandboxes.example` } });
    expect(closed).toMatchObject({ status: 502, json: { port: 8080 } });
    expect(fake.requests.at(-1)).toMatchObject({ plane: undefined, sandboxId });
  });

  test.each([
    ['/filesystem.Filesystem/Stat', 'text/plain', 415],
    ['/process.Process/Start', 'application/json', 415],
    ['/filesystem.Filesystem/Nothing', 'application/json', 404],
  ])('answers %s as %s with %d', async (path, type, status) => {
    expect((await user.inSandbox({ method: 'POST', path, headers: { 'content-type': type }, body: '{}' })).status).toBe(status);
  });

  test('says what it does not play', async () => {
    expect(await user.call('process.Process/Update', {})).toMatchObject({ status: 501, json: { code: 'unimplemented' } });
    const watch = await user.follow('filesystem.Filesystem/WatchDir', { path: '.' });
    expect(watch).toMatchObject({ status: 200, frames: [{ flags: 2, message: { error: { code: 'unimplemented' } } }] });
  });
});

describe('a signature', () => {
  const sign = (operation: 'read' | 'write', path: string, name = '', expiration?: number): string => {
    const parts = [path, operation, name, user.token, ...(expiration === undefined ? [] : [expiration])];
    return `v1_${createHash('sha256').update(parts.join(':')).digest('base64').replace(/=+$/, '')}`;
  };
  const read = (query: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> =>
    send(fake, { path: `/files?${new URLSearchParams(query).toString()}`, headers });

  test('opens its file, with and without a name of the sandbox', async () => {
    const query = { path: 'a.txt', signature: sign('read', 'a.txt') };
    expect((await read(query)).body.toString()).toBe('content');
    expect((await read(query, { 'e2b-sandbox-id': user.sandboxId, 'e2b-sandbox-port': '49983' })).body.toString()).toBe('content');
    expect(fake.requests.at(-1)).toMatchObject({ authenticated: true, sandboxId: user.sandboxId });
    expect((await read({ path: 'a.txt', username: 'root', signature: sign('read', 'a.txt', 'root') })).status).toBe(200);
  });

  test('is over at its time', async () => {
    const seconds = Math.floor(clockMs / 1_000) + 60;
    const query = { path: 'a.txt', signature: sign('read', 'a.txt', '', seconds), signature_expiration: String(seconds) };
    expect((await read(query)).status).toBe(200);
    clockMs += 61_000;
    expect(await read(query)).toMatchObject({ status: 401, json: { code: 401 } });
    expect((await read({ ...query, signature_expiration: String(seconds + 600) })).status).toBe(401);
  });

  test.each([
    ['another file', () => ({ path: 'b.txt', signature: sign('read', 'a.txt') })],
    ['another operation', () => ({ path: 'a.txt', signature: sign('write', 'a.txt') })],
    ['another user', () => ({ path: 'a.txt', username: 'root', signature: sign('read', 'a.txt') })],
    ['nothing', () => ({ path: 'a.txt' })],
  ])('of %s opens nothing', async (_title, query) => {
    expect((await read(query() as Record<string, string>)).status).toBe(401);
    expect((await read(query() as Record<string, string>, { 'e2b-sandbox-id': user.sandboxId, 'e2b-sandbox-port': '49983' })).status).toBe(
      401,
    );
  });

  test('does not help where a wrong token is sent', async () => {
    const query = { path: 'a.txt', signature: sign('read', 'a.txt') };
    const headers = { 'e2b-sandbox-id': user.sandboxId, 'e2b-sandbox-port': '49983', 'x-access-token': 'wrong' };
    expect((await read(query, headers)).status).toBe(401);
  });
});
