import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { problemSchema } from '@sandport/executor-api';
import { ask, expectUnharmed, requestText, startInstantExecutor, type InstantExecutor } from '../instant-executor.ts';
import { RawConnection } from '../raw-connection.ts';

let served: InstantExecutor;
beforeAll(async () => {
  served = await startInstantExecutor({ tokens: [{ id: 'a', text: 'token-of-a', tenant: 'a' }] });
});
afterEach(() => expectUnharmed(served));
afterAll(() => served[Symbol.asyncDispose]());

let keys = 0;
const newKey = (): string => `key-${(keys += 1)}`;
const execute = (key: string, code: string, more: { readonly token?: string; readonly accept?: string } = {}) =>
  ask(served, 'POST /v1/executions', {
    body: JSON.stringify({ code }),
    headers: { 'idempotency-key': key, ...(more.accept === undefined ? {} : { accept: more.accept }) },
    ...(more.token === undefined ? {} : { token: more.token }),
  });
const ran = (): number => served.provider.requests.length;

test.each(['', 'x'.repeat(256)])('a key of another length is refused, and nothing runs: "%s"', async (key) => {
  const before = ran();
  const { status, body } = await execute(key, '');
  expect([status, problemSchema.parse(JSON.parse(body))['details']]).toEqual([400, { field: 'idempotency-key' }]);
  expect(ran()).toBe(before);
});

test('a call that is made again gets the outcome of the first', async () => {
  const key = newKey();
  const before = ran();
  const answers = [await execute(key, ''), await execute(key, ''), await execute(key, '', { accept: 'application/x-ndjson' })];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(answers.map(({ head }) => head.includes('idempotent-replayed: true'))).toEqual([false, true, false]);
  expect(answers[1]?.body).toBe(answers[0]?.body);
  expect(answers[2]?.body).toContain('"result"');
  expect(ran()).toBe(before + 1);
});

test('another call with its key is refused with 422', async () => {
  const key = newKey();
  await execute(key, '1');
  const before = ran();
  const { status, body } = await execute(key, '2');
  expect([status, problemSchema.parse(JSON.parse(body)).code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  expect(ran()).toBe(before);
});

test("another tenant's key is another key", async () => {
  const key = newKey();
  const before = ran();
  await execute(key, '1');
  expect(await execute(key, '2', { token: 'token-of-a' })).toMatchObject({ status: 200 });
  expect(ran()).toBe(before + 2);
});

test('a call that is made again while the first runs waits for it, also when the caller of the first is gone', async () => {
  const key = newKey();
  const before = ran();
  using first = await RawConnection.open(served.address);
  first.send(requestText(served, 'POST /v1/executions', { body: '{"code":"wait"}', headers: { 'idempotency-key': key } }));
  await vi.waitFor(() => expect(ran()).toBe(before + 1));
  const others = [execute(key, 'wait'), execute(key, 'wait')];
  first.socket.destroy();
  expect(await execute(key, 'other')).toMatchObject({ status: 422 });
  await vi.waitFor(async () => expect((await ask(served, 'GET /metrics')).body).toContain('sandport_executor_running_calls 3'));
  served.provider.release();
  const answers = await Promise.all(others);
  expect(answers.map(({ head }) => head.includes('idempotent-replayed: true'))).toEqual([true, true]);
  expect(answers.every(({ body }) => body.includes('"completed"'))).toBe(true);
  expect(ran()).toBe(before + 1);
});

test('a call that was refused before it ran may be made again', async () => {
  const key = newKey();
  expect(
    await ask(served, 'POST /v1/executions', { body: '{"code":"","network":"all"}', headers: { 'idempotency-key': key } }),
  ).toMatchObject({ status: 400 });
  expect(await execute(key, '')).toMatchObject({ status: 200 });
});
