import { describe, expect, test } from 'vitest';
import { startExecutorUnderTest } from './executor-under-test.ts';
import { RagflowClient } from './ragflow-client.ts';

const RETURNS_ONE = 'def main():\n    return 1\n';
const BODY = JSON.stringify({ code_b64: Buffer.from(RETURNS_ONE).toString('base64') });

async function post(address: string, token: string): Promise<Response> {
  return fetch(`${address}/run`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: BODY,
  });
}

describe("RAGFlow's route in an executor", () => {
  test('is closed to those without a token, unless it was opened', async () => {
    await using closed = await startExecutorUnderTest();
    const client = new RagflowClient(closed.address);
    expect(await client.checkHealth()).toBe(true);
    await expect(client.executeCode({ code: RETURNS_ONE })).rejects.toThrow('HTTP 401');
    await using open = await startExecutorUnderTest({ config: { open: { ragflow: true } } });
    expect((await new RagflowClient(open.address).executeCode({ code: RETURNS_ONE })).metadata).toMatchObject({ result_value: 1 });
  });

  test('takes a token of its scope, and tells in its own words when that has used up its calls', async () => {
    const tokens = [
      { id: 'other', text: 'other-token', scopes: ['execute' as const] },
      { id: 'slow', text: 'slow-token', scopes: ['ragflow' as const], maxCallsPerMinute: 1 },
    ];
    await using server = await startExecutorUnderTest({ tokens });
    expect((await post(server.address, 'other-token')).status).toBe(403);
    expect(await (await post(server.address, 'slow-token')).json()).toMatchObject({ status: 'success', result: { value: 1 } });
    const refused = await post(server.address, 'slow-token');
    expect([refused.status, await refused.json()]).toMatchObject([
      200,
      { exit_code: -429, stderr: 'Too many requests, please try again later' },
    ]);
  });

  test('keeps the limits of the configuration', async () => {
    await using server = await startExecutorUnderTest({ config: { open: { ragflow: true }, ragflow: { timeoutMs: 500 } } });
    const { answer } = await new RagflowClient(server.address).executeCode({ code: 'def main():\n    while True:\n        pass\n' });
    expect(answer).toMatchObject({ exit_code: -124, stderr: 'Execution timeout' });
  });
});
