import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExecutorUnderTest, type ExecutorUnderTest } from './executor-under-test.ts';

let served: ExecutorUnderTest;
beforeAll(async () => {
  served = await startExecutorUnderTest();
});
afterAll(() => served[Symbol.asyncDispose]());

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${served.address}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('a program in a sandbox of its own', () => {
  test('is answered as one document', async () => {
    const answer = await post('/v1/executions', { code: 'def main(a): return a + 1', arguments: { a: 41 } });
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'completed', value: 42, providerId: 'wasm' }]);
  });

  test('is followed as lines', async () => {
    const answer = await post('/v1/executions', { code: 'print("hello")' }, { accept: 'application/x-ndjson' });
    const lines = (await answer.text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { type: 'accepted', id: expect.stringMatching(/^executor\./) as string },
      { type: 'output', stream: 'stdout', text: 'hello\n' },
      { type: 'result', result: { status: 'completed', stdout: 'hello\n' } },
    ]);
  });

  test('is followed as server-sent events', async () => {
    const answer = await post('/v1/executions', { code: 'print("hello")', followOutput: false }, { accept: 'text/event-stream' });
    const events = (await answer.text()).trim().split('\n\n');
    expect(events.map((event) => event.split('\n')[0])).toEqual(['event: accepted', 'event: result']);
  });

  test('comes in parts, with its files as they are', async () => {
    const form = new FormData();
    form.set('request', JSON.stringify({ code: 'print(open("data/a.bin", "rb").read()); print(input())' }));
    form.set('data/a.bin', new Blob([new Uint8Array([0, 255])]), 'a.bin');
    form.set('stdin', new Blob(['line']));
    const answer = await fetch(`${served.address}/v1/executions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${served.token}` },
      body: form,
    });
    expect(await answer.json()).toMatchObject({ status: 'completed', stdout: "b'\\x00\\xff'\nline\n" });
  });

  test('is refused with the name of the field', async () => {
    const answers = await Promise.all([
      post('/v1/executions', { code: 1 }),
      post('/v1/executions', { code: '', unknown: 1 }),
      post('/v1/executions', { code: '', limits: { timeoutMs: -1 } }),
      post('/v1/executions', { code: '', language: 'cobol' }),
    ]);
    expect(
      await Promise.all(answers.map(async (answer) => ({ status: answer.status, ...((await answer.json()) as object) }))),
    ).toMatchObject([
      { status: 400, code: 'REQUEST_INVALID', details: { field: 'code' } },
      { status: 400, code: 'REQUEST_INVALID', details: { field: 'unknown' } },
      { status: 400, code: 'REQUEST_INVALID', details: { field: 'limits.timeoutMs' } },
      { status: 400, code: 'LANGUAGE_UNSUPPORTED' },
    ]);
  });
});
