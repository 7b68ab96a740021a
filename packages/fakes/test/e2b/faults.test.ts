import { Sandbox } from 'e2b';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFakeE2b, type E2bFault, type E2bOperation, type FakeE2b } from '../../src/index.ts';
import { anyText, textWith } from '../matchers.ts';
import { connectionTo, failureOf } from './e2b-user.ts';
import { send, WireUser, type Reply } from './wire.ts';

const PATIENTLY = { timeout: 10_000 };

let fake: FakeE2b;
let user: WireUser;

beforeAll(async () => {
  fake = await startFakeE2b({ fileSystem: 'mapped', maxSandboxes: 1_000 });
  user = await new WireUser(fake).open({ timeout: 3_600 });
});

afterEach(() => fake.faults.clear());

afterAll(() => fake.close());

const once = (operation: E2bOperation, fault: E2bFault): void => void fake.faults.add({ match: { operation }, times: 1, fault });
const last = (): FakeE2b['requests'][number] | undefined => fake.requests.at(-1);
const get = (sandboxId = user.sandboxId): Promise<Reply> => user.control('GET', `/sandboxes/${sandboxId}`);
const codeOf = async (reply: Promise<unknown>): Promise<unknown> => ((await failureOf(reply)) as NodeJS.ErrnoException).code;
const kill = (sandboxId: string, signal?: AbortSignal): Promise<Reply> =>
  send(fake, {
    method: 'DELETE',
    path: `/sandboxes/${sandboxId}`,
    headers: { 'x-api-key': fake.apiKey },
    ...(signal === undefined ? {} : { signal }),
  });
const create = (metadata: Record<string, string>, signal?: AbortSignal): Promise<Reply> =>
  send(fake, {
    method: 'POST',
    path: '/v2/sandboxes',
    headers: { 'x-api-key': fake.apiKey },
    body: JSON.stringify({ templateID: 'base', metadata }),
    ...(signal === undefined ? {} : { signal }),
  });
const metadataOf = (): unknown[] => fake.sandboxes().map(({ metadata }) => metadata);

describe('connections', () => {
  test('that are slow answer late', async () => {
    once('GetSandbox', { kind: 'latency', delayMs: 100 });
    const began = performance.now();
    expect((await get()).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(95);
  });

  test.each(['before-work', 'after-work'] as const)('that hang never answer, %s', async (when) => {
    const other = await new WireUser(fake).open({ templateID: 'base' });
    once('KillSandbox', { kind: 'hang', when });
    const caller = new AbortController();
    const failing = codeOf(kill(other.sandboxId, caller.signal));
    await expect.poll(() => last()?.faults, PATIENTLY).toEqual(['hang']);
    caller.abort();
    expect(await failing).toBe('ABORT_ERR');
    await expect
      .poll(() => last(), PATIENTLY)
      .toMatchObject({ operation: 'KillSandbox', status: undefined, faults: ['hang'], abandoned: true });
    await expect.poll(async () => (await get(other.sandboxId)).status, PATIENTLY).toBe(when === 'before-work' ? 200 : 404);
  });

  test.each(['before-work', 'after-work', 'in-answer'] as const)('are cut, %s', async (when) => {
    once('CreateSandbox', { kind: 'cut', when });
    const metadata = { cut: when };
    expect(await codeOf(user.control('POST', '/v2/sandboxes', { templateID: 'base', metadata }))).toBe('ECONNRESET');
    expect(last()).toMatchObject({ status: undefined, faults: ['cut'] });
    if (when === 'before-work') expect(metadataOf()).not.toContainEqual(metadata);
    else expect(metadataOf()).toContainEqual(metadata);
  });

  test('answer when the caller has gone, with the work done', async () => {
    once('CreateSandbox', { kind: 'late-answer' });
    const caller = new AbortController();
    const metadata = { late: 'yes' };
    const failing = codeOf(create(metadata, caller.signal));
    await expect.poll(() => metadataOf(), PATIENTLY).toContainEqual(metadata);
    caller.abort();
    expect(await failing).toBe('ABORT_ERR');
    await expect.poll(() => last(), PATIENTLY).toMatchObject({ abandoned: true, status: 201 });
  });

  test('do the work twice', async () => {
    once('CreateSandbox', { kind: 'duplicate' });
    const metadata = { twice: 'yes' };
    expect((await create(metadata)).status).toBe(201);
    expect(fake.sandboxes().filter((view) => view.metadata['twice'] === 'yes')).toHaveLength(2);
    once('ExecuteCode', { kind: 'duplicate' });
    await user.execute({ code: 'turns = globals().get("turns", 0) + 1' });
    expect((await user.execute({ code: 'turns' })).events).toContainEqual({ type: 'result', text: '2', is_main_result: true });
  });
});

describe('answers', () => {
  test.each([
    ['json', 'application/json; charset=utf-8', { code: 503, message: anyText }],
    ['connect', 'application/json', { code: 'unavailable', message: anyText }],
    ['html', 'text/html', undefined],
    ['text', 'text/plain; charset=utf-8', undefined],
    ['empty', undefined, undefined],
  ] as const)('of any status come as %s, without the work', async (body, type, json) => {
    const metadata = { body };
    once('CreateSandbox', { kind: 'status', status: 503, body });
    const reply = await create(metadata);
    expect([reply.status, reply.headers['content-type']]).toEqual([503, type]);
    expect(reply.json).toEqual(json);
    expect(metadataOf()).not.toContainEqual(metadata);
  });

  test('of any status come after the work, and say when to come again', async () => {
    const metadata = { after: 'work' };
    once('CreateSandbox', { kind: 'status', status: 500, afterWork: true });
    expect((await create(metadata)).status).toBe(500);
    expect(metadataOf()).toContainEqual(metadata);
    once('GetSandbox', { kind: 'status', status: 429, retryAfter: { seconds: 3 } });
    expect((await get()).headers['retry-after']).toBe('3');
    once('GetSandbox', { kind: 'status', status: 429, retryAfter: { dateInMs: 5_000 } });
    expect((await get()).headers['retry-after']).toMatch(/ GMT$/);
    once('GetSandbox', { kind: 'status', status: 503, errorCode: 'sandbox_capacity_unavailable', message: 'none left' });
    expect((await get()).json).toEqual({ code: 503, message: 'none left', error_code: 'sandbox_capacity_unavailable' });
    once('ExecuteCode', { kind: 'status', status: 500, message: 'plain' });
    expect((await user.execute({ code: '1' })).body.toString()).toBe('plain');
    once('StatFile', { kind: 'status', status: 429, body: 'connect', code: 'resource_exhausted' });
    expect((await user.call('filesystem.Filesystem/Stat', { path: '.' })).json).toEqual({ code: 'resource_exhausted', message: anyText });
    once('WriteFile', { kind: 'status', status: 507 });
    expect((await user.inSandbox({ method: 'POST', path: '/files?path=x' })).status).toBe(507);
  });

  test('of streams come after their work', async () => {
    const before = fake.executions.length;
    once('StartProcess', { kind: 'status', status: 502, body: 'html', afterWork: true });
    expect(await user.run('echo done > worked.txt')).toMatchObject({ status: 502, frames: [] });
    expect(fake.executions).toHaveLength(before + 1);
    expect((await user.inSandbox({ path: '/files?path=worked.txt' })).body.toString()).toBe('done\n');
    once('ExecuteCode', { kind: 'cut', when: 'after-work' });
    expect(await codeOf(user.execute({ code: 'cut = 1' }))).toBe('ECONNRESET');
    expect((await user.execute({ code: 'cut' })).events).toContainEqual({ type: 'result', text: '1', is_main_result: true });
  });

  test('of a foreign gateway are pages', async () => {
    const before = fake.executions.length;
    fake.faults.add({ fault: { kind: 'foreign-body' } });
    for (const reply of [await get(), await user.run('true'), await user.inSandbox({ path: '/files?path=a' })])
      expect([reply.status, reply.headers['content-type'], reply.body.toString()]).toEqual([
        200,
        'text/html; charset=utf-8',
        textWith('log in'),
      ]);
    expect(fake.executions).toHaveLength(before);
  });

  test('end too early', async () => {
    once('GetSandbox', { kind: 'invalid-json' });
    const { status, body } = await get();
    expect(status).toBe(200);
    expect(() => JSON.parse(body.toString()) as unknown).toThrow(SyntaxError);
  });

  test.each([
    ['missing', undefined],
    ['garbage', 'not-a-version'],
    ['too-old', '0.0.9'],
  ] as const)('name a daemon whose version is %s', async (value, version) => {
    once('CreateSandbox', { kind: 'bad-envd-version', value });
    const { status, json } = await create({ version: value });
    expect([status, (json as { envdVersion?: string }).envdVersion]).toEqual([201, version]);
    expect(metadataOf()).toContainEqual({ version: value });
  });

  test('lack the token that is demanded', async () => {
    once('CreateSandbox', { kind: 'missing-token' });
    const other = await new WireUser(fake).open({ templateID: 'base' });
    expect(other.token).toBeUndefined();
    expect((await other.call('process.Process/List')).status).toBe(401);
  });

  test('say that a sandbox has gone that lives', async () => {
    fake.faults.add({ times: 2, fault: { kind: 'false-gone' } });
    expect(await user.call('process.Process/List')).toMatchObject({
      status: 502,
      json: { sandboxId: user.sandboxId, message: 'The sandbox was not found', code: 502 },
    });
    expect(await get()).toMatchObject({ status: 404, json: { code: 404 } });
    expect((await get()).status).toBe(200);
  });

  test('say that nobody listens on the port', async () => {
    once('CheckInterpreterHealth', { kind: 'closed-port' });
    const json = { sandboxId: user.sandboxId, port: 49999, message: 'The sandbox is running but port is not open', code: 502 };
    expect(await user.inSandbox({ path: '/health' }, 49999)).toMatchObject({ status: 502, json });
    expect((await user.inSandbox({ path: '/health' }, 49999)).status).toBe(200);
  });

  test('have an error in the frame that ends them', async () => {
    once('StartProcess', { kind: 'status', status: 200, body: 'connect', code: 'resource_exhausted', message: 'too many' });
    expect((await user.run('true')).frames).toEqual([
      { flags: 2, message: { error: { code: 'resource_exhausted', message: 'too many' } } },
    ]);
  });

  test.each(['expired', 'revoked'] as const)('say that the key is %s', async (reason) => {
    once('GetSandbox', { kind: 'refused-key', reason });
    expect(await get()).toMatchObject({ status: 401, json: { code: 401, message: textWith(reason) } });
    expect(last()?.authenticated).toBe(false);
    once('ListProcesses', { kind: 'refused-key', reason });
    expect((await user.call('process.Process/List')).status).toBe(401);
  });
});

describe('sandboxes', () => {
  test('vanish before the work', async () => {
    const other = await new WireUser(fake).open({ templateID: 'base' });
    once('StartProcess', { kind: 'vanish', when: 'before-work' });
    expect(await other.run('true')).toMatchObject({ status: 502 });
    expect((await get(other.sandboxId)).status).toBe(404);
  });

  test('vanish during the work', async () => {
    const other = await new WireUser(fake).open();
    once('ExecuteCode', { kind: 'vanish', when: 'during-work', delayMs: 50 });
    expect(await codeOf(other.execute({ code: 'import time\ntime.sleep(600)' }))).toBe('ECONNRESET');
    expect((await get(other.sandboxId)).status).toBe(404);
  });

  test('are there before their creation is answered', async () => {
    once('CreateSandbox', { kind: 'slow-creation', delayMs: 600_000 });
    const metadata = { slow: 'yes' };
    const caller = new AbortController();
    const creating = codeOf(create(metadata, caller.signal));
    await expect.poll(() => metadataOf(), PATIENTLY).toContainEqual(metadata);
    expect(last()).toMatchObject({ operation: 'CreateSandbox', status: undefined });
    caller.abort();
    expect(await creating).toBe('ABORT_ERR');
    once('CreateSandbox', { kind: 'slow-creation', delayMs: 20 });
    expect((await create({})).status).toBe(201);
  });

  test('live on though they were killed', async () => {
    const other = await new WireUser(fake).open({ templateID: 'base' });
    once('KillSandbox', { kind: 'ignored-kill' });
    expect((await kill(other.sandboxId)).status).toBe(204);
    expect((await get(other.sandboxId)).status).toBe(200);
    expect((await kill(other.sandboxId)).status).toBe(204);
    expect((await get(other.sandboxId)).status).toBe(404);
  });
});

describe('the vendor client', () => {
  test('throws of a daemon without a version, and leaves the sandbox', async () => {
    once('CreateSandbox', { kind: 'bad-envd-version', value: 'missing' });
    await failureOf(Sandbox.create('base', { ...connectionTo(fake), metadata: { leaked: 'yes' } }));
    expect(metadataOf()).toContainEqual({ leaked: 'yes' });
  });

  test('kills a sandbox whose daemon is too old', async () => {
    once('CreateSandbox', { kind: 'bad-envd-version', value: 'too-old' });
    expect(await failureOf(Sandbox.create('base', { ...connectionTo(fake), metadata: { old: 'yes' } }))).toMatchObject({
      name: 'TemplateError',
    });
    expect(metadataOf()).not.toContainEqual({ old: 'yes' });
  });

  test('comes again after 429 that says when', async () => {
    fake.faults.add({
      match: { operation: 'CreateSandbox' },
      times: 1,
      fault: { kind: 'status', status: 429, retryAfter: { seconds: 0 } },
    });
    await Sandbox.create('base', { ...connectionTo(fake), metadata: { again: 'yes' } });
    expect(metadataOf().filter((metadata) => (metadata as Record<string, string>)['again'] === 'yes')).toHaveLength(1);
  });

  test('calls a full service busy', async () => {
    once('CreateSandbox', { kind: 'status', status: 503, errorCode: 'sandbox_capacity_unavailable' });
    expect(await failureOf(Sandbox.create('base', connectionTo(fake)))).toMatchObject({ name: 'ServiceBusyError' });
  });

  test('believes that a sandbox has gone', async () => {
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    once('StartProcess', { kind: 'false-gone' });
    expect(await failureOf(sandbox.commands.run('true'))).toMatchObject({ name: 'SandboxNotFoundError' });
    expect((await sandbox.commands.run('echo alive')).stdout).toBe('alive\n');
  });
});
