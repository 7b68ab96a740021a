import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeAgentRun, type AgentRunFault, type AgentRunOperation, type FakeAgentRun } from '../../src/index.ts';
import { AgentRunUser } from './agent-run-user.ts';
import { anySyntaxError, anyText } from '../matchers.ts';
import type { Reply } from './signed-request.ts';

const PATIENTLY = { timeout: 10_000 };

let fake: FakeAgentRun;
let user: AgentRunUser;

beforeAll(async () => {
  fake = await startFakeAgentRun({ fileSystem: 'mapped' });
  user = new AgentRunUser(fake);
  await user.createTemplate('template');
});

beforeEach(async () => {
  await user.createSandbox({ templateName: 'template', sandboxId: 'box' });
});

afterEach(async () => {
  fake.faults.clear();
  await user.control('DeleteSandbox', 'DELETE', '/sandboxes/box');
});

afterAll(() => fake.close());

const once = (operation: AgentRunOperation, fault: AgentRunFault): void => void fake.faults.add({ match: { operation }, times: 1, fault });
const last = (): FakeAgentRun['requests'][number] | undefined => fake.requests.at(-1);
const get = (): Promise<Reply> => user.control('GetSandbox', 'GET', '/sandboxes/box');
/** The code with which a connection failed. */
const failureOf = async (reply: Promise<Reply>): Promise<unknown> =>
  reply.then(
    ({ status }) => `answered with ${status}`,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );

/** Executes code, and goes away as soon as it runs. */
async function abortedExecution(code: string): Promise<unknown> {
  const before = fake.executions.length;
  const caller = new AbortController();
  const failure = failureOf(user.execute({ language: 'python', code }, 'box', caller.signal));
  await expect.poll(() => fake.executions.length, PATIENTLY).toBeGreaterThan(before);
  caller.abort();
  return failure;
}

describe('connections', () => {
  test('that are slow answer late', async () => {
    once('GetSandbox', { kind: 'latency', delayMs: 100 });
    const began = performance.now();
    expect((await get()).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(95);
  });

  test.each(['before-work', 'after-work'] as const)('that hang never answer, %s', async (when) => {
    once('DeleteSandbox', { kind: 'hang', when });
    const signal = AbortSignal.timeout(300);
    expect(await failureOf(user.data('DELETE', '/sandboxes/box', undefined, signal))).toBe('ABORT_ERR');
    await expect.poll(() => last()?.abandoned, PATIENTLY).toBe(true);
    expect(last()).toMatchObject({ operation: 'DeleteSandbox', status: undefined, faults: ['hang'] });
    await expect.poll(async () => (await get()).status, PATIENTLY).toBe(when === 'before-work' ? 200 : 404);
  });

  test.each(['before-work', 'after-work', 'in-answer'] as const)('are cut, %s', async (when) => {
    once('DeleteSandbox', { kind: 'cut', when });
    expect(await failureOf(user.data('DELETE', '/sandboxes/box'))).toBe('ECONNRESET');
    expect(last()).toMatchObject({ status: undefined, faults: ['cut'] });
    expect((await get()).status).toBe(when === 'before-work' ? 200 : 404);
  });

  test('answer when the caller has gone, with the work done', async () => {
    once('ExecuteCode', { kind: 'late-answer' });
    const before = fake.executions.length;
    expect(await abortedExecution('open("done.txt", "w")')).toBe('ABORT_ERR');
    await expect.poll(() => last(), PATIENTLY).toMatchObject({ abandoned: true, status: 200 });
    expect(fake.executions).toHaveLength(before + 1);
    expect((await user.command('ls')).json.result.stdout).toBe('done.txt\n');
  });

  test('answer late to a caller who waits', async () => {
    once('GetSandbox', { kind: 'late-answer', maxDelayMs: 50 });
    expect((await get()).status).toBe(200);
  });

  test('deliver a request twice', async () => {
    once('RunCommand', { kind: 'duplicate' });
    const before = fake.executions.length;
    expect((await user.command('echo x >> twice; cat twice')).json.result.stdout).toBe('x\nx\n');
    expect(fake.executions).toHaveLength(before + 2);
    once('CreateSandbox', { kind: 'duplicate' });
    expect((await user.createSandbox({ templateName: 'template', sandboxId: 'twin' })).status).toBe(409);
    await user.data('DELETE', '/sandboxes/twin');
  });

  test('go on with work whose caller has gone', async () => {
    expect(await abortedExecution('import time\ntime.sleep(0.5)\nopen("late", "w")')).toBe('ABORT_ERR');
    await expect.poll(async () => (await user.command('ls')).json.result.stdout, PATIENTLY).toBe('late\n');
  });
});

describe('other answers', () => {
  test.each([
    [{ kind: 'status', status: 429 }, 'Throttling.User', undefined],
    [{ kind: 'status', status: 429, retryAfter: { seconds: 3 } }, 'Throttling.User', '3'],
    [{ kind: 'status', status: 503, code: 'ServiceBusy' }, 'ServiceBusy', undefined],
  ] as [AgentRunFault & { status: number }, string, string | undefined][])('of the gateway: %o', async (fault, code, retryAfter) => {
    once('GetSandbox', fault);
    const { status, json, headers } = await get();
    expect([status, json.Code, headers['retry-after']]).toEqual([fault.status, code, retryAfter]);
    expect(last()).toMatchObject({ status: fault.status, errorCode: code, faults: ['status'] });
  });

  test('of the data plane, in both shapes, with a date to wait for', async () => {
    once('CheckHealth', { kind: 'status', status: 429, retryAfter: { dateInMs: 60_000 } });
    const { json, headers } = await user.data('GET', '/sandboxes/box/health');
    expect(json).toEqual({ code: 'ERR_TOO_MANY_REQUESTS', requestId: anyText, message: anyText });
    expect(Date.parse(String(headers['retry-after'])) - Date.now()).toBeGreaterThan(50_000);
    fake.faults.add({ match: { plane: 'data' }, times: 1, fault: { kind: 'nested-error' } });
    expect((await user.data('GET', '/sandboxes/none/health')).json).toEqual({ error: { code: 'NOT_FOUND', message: 'sandbox not found' } });
  });

  test.each([
    ['html', 'text/html', /<h1>502 Bad Gateway<\/h1>/],
    ['text', 'text/plain', /^502 Bad Gateway\n$/],
    ['empty', undefined, /^$/],
  ] as const)('as %s', async (body, type, expected) => {
    once('ExecuteCode', { kind: 'status', status: 502, body });
    const before = fake.executions.length;
    const { status, headers, text } = await user.execute({ language: 'python', code: '1' });
    expect([status, headers['content-type']]).toEqual([502, type]);
    expect(text).toMatch(expected);
    expect(fake.executions).toHaveLength(before);
  });

  test('after the work was done', async () => {
    once('DeleteSandbox', { kind: 'status', status: 500, afterWork: true });
    expect((await user.data('DELETE', '/sandboxes/box')).status).toBe(500);
    expect((await get()).status).toBe(404);
  });

  test('to a token that is over', async () => {
    once('GetSandbox', { kind: 'expired-token' });
    expect((await get()).json.Code).toBe('InvalidSecurityToken.Expired');
    once('CheckHealth', { kind: 'expired-token' });
    expect((await user.data('GET', '/sandboxes/box/health')).json.code).toBe('ERR_FORBIDDEN');
  });

  test.each([undefined, 400, 409, 500] as const)('to what is said to exist already: %s', async (status) => {
    once('CreateTemplate', { kind: 'already-exists', ...(status === undefined ? {} : { status }) });
    const answer = await user.createTemplate('new');
    expect([answer.status, answer.json.message]).toEqual([status ?? 409, 'the resource already exists']);
    expect(fake.templates().map(({ templateName }) => templateName)).toEqual(['template']);
  });

  test('that fail with status 200', async () => {
    once('DeleteSandbox', { kind: 'in-band-failure' });
    expect(await user.data('DELETE', '/sandboxes/box')).toMatchObject({
      status: 200,
      json: { code: 'FAILED', message: 'sandbox not found' },
    });
  });

  test('that cannot be read', async () => {
    once('GetSandbox', { kind: 'invalid-json' });
    expect(await get()).toMatchObject({ status: 200, json: anySyntaxError });
    once('GetSandbox', { kind: 'empty-answer' });
    expect(await get()).toMatchObject({ status: 204, text: '' });
    once('GetSandbox', { kind: 'empty-answer', status: 200 });
    expect(await get()).toMatchObject({ status: 200, text: '' });
  });

  test('of a sandbox that is said to start', async () => {
    once('CheckHealth', { kind: 'health-starting' });
    expect((await user.data('GET', '/sandboxes/box/health')).json).toEqual({ code: 'STARTING', message: anyText });
    expect((await user.data('GET', '/sandboxes/box/health')).json).toMatchObject({ status: 'ok' });
  });

  test('at paths of nobody', async () => {
    expect((await user.data('GET', '/elsewhere')).status).toBe(404);
    expect(last()).toMatchObject({ plane: undefined, operation: undefined, authenticated: false });
    expect((await user.data('GET', '/sandboxes/box/nothing')).status).toBe(404);
    expect((await user.data('PATCH', '/sandboxes/box')).status).toBe(404);
  });
});

describe('sandboxes that vanish', () => {
  test('before the work', async () => {
    once('ExecuteCode', { kind: 'vanish', when: 'before-work' });
    const before = fake.executions.length;
    expect((await user.execute({ language: 'python', code: '1' })).json.code).toBe('NOT_FOUND');
    expect(fake.executions).toHaveLength(before);
    expect((await get()).json.data.status).toBe('TERMINATED');
  });

  test.each([
    [undefined, 404],
    ['bad-gateway', 502],
    ['cut', 'ECONNRESET'],
  ] as const)('while code runs, answered with %s', async (answer, expected) => {
    once('ExecuteCode', { kind: 'vanish', when: 'during-work', delayMs: 50, ...(answer === undefined ? {} : { answer }) });
    const before = fake.executions.length;
    const code = 'import time\ntime.sleep(20)';
    const outcome = await user.execute({ language: 'python', code }).then(
      ({ status }) => status,
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );
    expect(outcome).toBe(expected);
    expect(fake.executions).toHaveLength(before + 1);
  });

  test('while a command runs, on expiry', async () => {
    const before = fake.executions.length;
    const running = user.command('sleep 20');
    await expect.poll(() => fake.executions.length, PATIENTLY).toBeGreaterThan(before);
    await fake.expire('box');
    expect((await running).json.code).toBe('NOT_FOUND');
  });
});
