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
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines.map(({ type }) => type)).toEqual(['accepted', 'output', 'result']);
  });
  test('description', async () => {
    const answer = await fetch(`${served.address}/openapi.json`, { headers: { authorization: `Bearer ${served.token}` } });
    const t = await answer.text();
    console.log(t.slice(0, 6000), t.length);
  });
});
