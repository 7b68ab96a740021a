import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { capabilitiesAnswerSchema, problemSchema } from '@sandport/executor-api';
import { ask, expectUnharmed, requestText, startInstantExecutor, type InstantExecutor, type RawRequest } from '../instant-executor.ts';
import { RawConnection } from '../raw-connection.ts';

const MEBIBYTE = 1024 * 1024;
let served: InstantExecutor;
beforeAll(async () => {
  served = await startInstantExecutor({
    tokens: [
      { id: 'rate', text: 'rate', maxCallsPerMinute: 3 },
      { id: 'one', text: 'one', maxConcurrency: 1 },
      { id: 'box', text: 'box', maxSandboxes: 1 },
      { id: 'python', text: 'python', languages: ['python'] },
      {
        id: 'small',
        text: 'small',
        maxima: { timeoutMs: 1000, outputBytes: 2000, memoryBytes: 100 * MEBIBYTE, processes: 10, cpus: 0.5, lifetimeMs: 5000 },
      },
    ],
  });
});
afterAll(async () => {
  await expectUnharmed(served);
  await served[Symbol.asyncDispose]();
});

async function problemOf(line: string, request: RawRequest) {
  const { status, head, body } = await ask(served, line, request);
  const problem = problemSchema.parse(JSON.parse(body));
  expect(status).toBe(problem.status);
  return { ...problem, retryAfter: Number(/retry-after: (\d+)/.exec(head)?.[1] ?? 0) };
}

const running = (code: string, token: string, more: Record<string, string> = {}): string =>
  requestText(served, 'POST /v1/executions', { body: JSON.stringify({ code }), token, headers: more });

/** Begins a program that goes on until it is told to end. */
async function begin(token: string, headers: Record<string, string> = {}): Promise<RawConnection> {
  const before = served.provider.requests.length;
  const connection = await RawConnection.open(served.address);
  connection.send(running('wait', token, headers));
  await vi.waitFor(() => expect(served.provider.requests).toHaveLength(before + 1));
  return connection;
}

describe('429, with the time after which to come again', () => {
  test('for more calls than a minute has', async () => {
    for (let call = 0; call < 3; call += 1)
      expect(await ask(served, 'GET /v1/capabilities', { token: 'rate' })).toMatchObject({ status: 200 });
    const problem = await problemOf('GET /v1/capabilities', { token: 'rate' });
    expect(problem).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS', retryable: true });
    // A call comes back every twenty seconds.
    expect([problem.retryAfter > 0, problem.retryAfter <= 20]).toEqual([true, true]);
  });

  test('for more calls at one time, which end with their callers', async () => {
    using connection = await begin('one');
    const problem = await problemOf('GET /v1/capabilities', { token: 'one' });
    expect(problem).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS', retryAfter: 1 });
    connection.socket.destroy();
    await vi.waitFor(async () => expect(await ask(served, 'GET /v1/capabilities', { token: 'one' })).toMatchObject({ status: 200 }));
  });

  test('also where the caller of a program that goes on is gone', async () => {
    await using house = await startInstantExecutor({ tokens: [{ id: 'one', text: 'one', maxConcurrency: 1 }] });
    const request = { body: '{"code":"wait"}', token: 'one', headers: { 'idempotency-key': 'a' } };
    using connection = await RawConnection.open(house.address);
    connection.send(requestText(house, 'POST /v1/executions', request));
    await vi.waitFor(() => expect(house.provider.requests).toHaveLength(1));
    connection.socket.destroy();
    await vi.waitFor(() => expect(house.sockets.filter(({ destroyed }) => !destroyed)).toEqual([]));
    expect(await ask(house, 'GET /v1/capabilities', { token: 'one' })).toMatchObject({ status: 429 });
    house.provider.release();
    await vi.waitFor(async () => expect(await ask(house, 'GET /v1/capabilities', { token: 'one' })).toMatchObject({ status: 200 }));
  });

  test('for more sandboxes at one time, until one of them ends', async () => {
    const first = await ask(served, 'POST /v1/sandboxes', { token: 'box', body: '{"reconnectable":true}' });
    const { id } = JSON.parse(first.body) as { readonly id: string };
    expect(await problemOf('POST /v1/sandboxes', { token: 'box', body: '{}' })).toMatchObject({
      status: 429,
      code: 'TOO_MANY_REQUESTS',
      retryAfter: 1,
    });
    expect(await ask(served, `DELETE /v1/sandboxes/${id}`, { token: 'box' })).toMatchObject({ status: 204 });
    const second = await ask(served, 'POST /v1/sandboxes', { token: 'box', body: '{}' });
    expect(second).toMatchObject({ status: 201 });
    await ask(served, `DELETE /v1/sandboxes/${(JSON.parse(second.body) as { readonly id: string }).id}`, { token: 'box' });
  });

  test('a sandbox that was refused, or whose maker is gone, does not count', async () => {
    for (let round = 0; round < 3; round += 1) {
      expect(await ask(served, 'POST /v1/sandboxes', { token: 'box', body: '{"network":"all"}' })).toMatchObject({ status: 400 });
      using connection = await RawConnection.open(served.address);
      const request = { token: 'box', body: '{}', headers: { accept: 'application/x-ndjson' } };
      await connection.send(requestText(served, 'POST /v1/sandboxes', request)).until(/"sandbox"/);
      connection.socket.destroy();
      await vi.waitFor(() => expect(served.provider.living.size).toBe(0));
    }
  });
});

describe('403 for more than the token allows, with the name of the field', () => {
  test.each([
    ['POST /v1/executions', { code: '', language: 'javascript' }, 'python', 'language'],
    ['POST /v1/sandboxes', { language: 'node' }, 'python', 'language'],
    ['POST /v1/executions', { code: '', limits: { timeoutMs: 1001 } }, 'small', 'limits.timeoutMs'],
    ['POST /v1/executions', { code: '', limits: { outputBytes: 2001 } }, 'small', 'limits.outputBytes'],
    ['POST /v1/executions', { code: '', limits: { memoryBytes: 101 * MEBIBYTE } }, 'small', 'limits.memoryBytes'],
    ['POST /v1/executions', { code: '', limits: { cpus: 1 } }, 'small', 'limits.cpus'],
    ['POST /v1/sandboxes', { limits: { processes: 11 } }, 'small', 'limits.processes'],
    ['POST /v1/sandboxes', { lifetimeMs: 5001 }, 'small', 'lifetimeMs'],
    ['POST /v1/sandboxes', { idleTimeoutMs: 5001 }, 'small', 'idleTimeoutMs'],
  ])('%s %j', async (line, body, token, field) => {
    const calls = served.provider.calls.length;
    expect(await problemOf(line, { token, body: JSON.stringify(body) })).toMatchObject({
      status: 403,
      code: 'POLICY_VIOLATED',
      details: { field },
    });
    expect(served.provider.calls).toHaveLength(calls);
  });

  test('what a sandbox that exists is asked for is within it, too', async () => {
    const { body } = await ask(served, 'POST /v1/sandboxes', { token: 'small', body: '{}' });
    const at = `/v1/sandboxes/${(JSON.parse(body) as { readonly id: string }).id}`;
    const tooLong = JSON.stringify({ code: '', limits: { timeoutMs: 1001 } });
    const answers = [
      await problemOf(`POST ${at}/executions`, { token: 'small', body: tooLong }),
      await problemOf(`POST ${at}/contexts/context-1/executions`, { token: 'small', body: tooLong }),
      await problemOf(`PUT ${at}/lifetime`, { token: 'small', body: '{"lifetimeMs":5001}' }),
    ];
    expect(answers.map(({ status, code }) => [status, code])).toEqual(answers.map(() => [403, 'POLICY_VIOLATED']));
    for (const place of ['executions', 'contexts/context-1/executions']) {
      expect(await ask(served, `POST ${at}/${place}`, { token: 'small', body: '{"code":""}' })).toMatchObject({ status: 200 });
      expect(served.provider.requests.at(-1)?.limits).toMatchObject({ timeoutMs: 1000, outputBytes: 2000 });
    }
    await ask(served, `DELETE ${at}`, { token: 'small' });
  });

  test('what the caller does not say is lowered', async () => {
    expect(await ask(served, 'POST /v1/executions', { token: 'small', body: '{"code":""}' })).toMatchObject({ status: 200 });
    expect(served.provider.requests.at(-1)?.limits).toMatchObject({ timeoutMs: 1000, outputBytes: 2000, valueBytes: 8 * MEBIBYTE });
  });

  test('the capabilities say so', async () => {
    const capabilitiesOf = async (token: string) =>
      capabilitiesAnswerSchema.parse(JSON.parse((await ask(served, 'GET /v1/capabilities', { token })).body)).capabilities;
    expect((await capabilitiesOf('python')).languages).toEqual(['python']);
    expect((await capabilitiesOf('small')).maxima).toMatchObject({ timeoutMs: 1000, cpus: 0.5, lifetimeMs: 5000 });
  });
});

test('input that comes by itself is refused where nobody would learn where to send it', async () => {
  const body = '{"code":"read","stdin":"stream"}';
  expect(await problemOf('POST /v1/executions', { body })).toMatchObject({ status: 400, details: { field: 'stdin' } });
});
