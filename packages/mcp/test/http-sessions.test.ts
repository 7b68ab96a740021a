import { runnerOfProvider, type CodeToolOutcome } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { afterAll, describe, expect, test } from 'vitest';
import type { McpHandlerOptions } from '../src/index.ts';
import { INITIALIZE, ListeningHandler } from './listening-handler.ts';
import { callTool, textOf, toldBy } from './told.ts';

const provider = createProvider(wasmProvider, {});
const runner = runnerOfProvider(provider);

afterAll(() => provider.close());

const tenants: (string | undefined)[] = [];

function start(options: Partial<McpHandlerOptions> = {}): Promise<ListeningHandler> {
  return ListeningHandler.start({
    session: (tenant) => {
      tenants.push(tenant);
      return { tool: { runner, tenant } };
    },
    authenticate: ({ headers }) => headers.authorization,
    ...options,
  });
}

const alice = { authorization: 'alice' };
const codeOf = (body: string) => (JSON.parse(body) as { error: { data?: { code?: string } } }).error.data?.code;

describe('the door', () => {
  test('is closed to who does not say who it is', async () => {
    await using listening = await start();
    const { status, body } = await listening.send('POST', {}, INITIALIZE);
    expect([status, codeOf(body)]).toEqual([401, 'AUTHENTICATION_FAILED']);
  });

  test.each([
    ['another host', { host: 'evil.example' }],
    ['a host that only begins as ours does', { host: '127.0.0.1.evil.example:80' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of nowhere', { origin: 'null' }],
  ])('is closed to %s', async (_who, headers) => {
    await using listening = await start();
    const { status, body } = await listening.send('POST', { ...alice, ...headers }, INITIALIZE);
    expect([status, codeOf(body)]).toEqual([403, 'POLICY_VIOLATED']);
  });

  test('is open to a page that was named', async () => {
    await using listening = await start({ allowedOrigins: ['https://agents.example'] });
    const { status } = await listening.send('POST', { ...alice, origin: 'https://agents.example' }, INITIALIZE);
    expect(status).toBe(200);
  });

  test.each([
    ['GET', ''],
    ['DELETE', ''],
    ['PUT', INITIALIZE],
    ['POST', ''],
    ['POST', 'no JSON'],
    ['POST', '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'],
    ['POST', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x'.repeat(200_000) })],
  ])('makes no session of %s %.40s', async (method, body) => {
    await using listening = await start({ maxSessions: 1, maxBodyBytes: 100_000 });
    const { status } = await listening.send(method, alice, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    const { client } = await listening.connect();
    await client.close();
  });
});

describe('a session', () => {
  test('is its caller’s alone, and has its own artifacts', async () => {
    await using listening = await start();
    const first = await listening.connect('alice');
    const second = await listening.connect('bob');
    const code = 'import os\nos.makedirs("artifacts", exist_ok=True)\nopen("artifacts/secret.txt", "w").write("alice")\n';
    await callTool(first.client, 'run_code', { language: 'python', code });
    expect(textOf(await callTool(first.client, 'read_artifact', { id: 'artifact-1' }))).toBe('alice');
    expect(textOf(await callTool(second.client, 'read_artifact', { id: 'artifact-1' }))).toContain('no artifact of this session');
    expect(toldBy(await callTool(second.client, 'list_artifacts', {}))).toEqual({ artifacts: [] });
    expect(tenants.slice(-2)).toEqual(['alice', 'bob']);

    const id = first.transport.sessionId ?? '';
    const list = '{"jsonrpc":"2.0","id":7,"method":"tools/list"}';
    expect((await listening.send('POST', { authorization: 'bob', 'mcp-session-id': id }, list)).status).toBe(404);
    expect((await listening.send('DELETE', { authorization: 'bob', 'mcp-session-id': id })).status).toBe(404);
    expect((await listening.send('POST', { ...alice, 'mcp-session-id': 'constructor' }, list)).status).toBe(404);
    expect((await listening.send('POST', { ...alice, 'mcp-session-id': id }, list)).status).toBe(200);
  });

  test('ends when its client says so, and makes room', async () => {
    await using listening = await start({ maxSessionsPerCaller: 1 });
    const { transport } = await listening.connect();
    await expect(listening.connect()).rejects.toThrow('too many sessions');
    const other = await listening.connect('bob');
    await other.client.close();
    await transport.terminateSession();
    const again = await listening.connect();
    expect((await again.client.listTools()).tools.length).toBeGreaterThan(0);
  });

  test('is one of a number that is bounded', async () => {
    await using listening = await start({ maxSessions: 2 });
    await listening.connect('a');
    await listening.connect('b');
    const { status, body } = await listening.send('POST', { authorization: 'c' }, INITIALIZE);
    expect([status, codeOf(body)]).toEqual([503, 'CAPACITY_EXHAUSTED']);
  });

  test('ends when it is idle', async () => {
    await using listening = await start({ idleTimeoutMs: 1000, maxSessions: 1 });
    const { headers } = await listening.send('POST', alice, INITIALIZE);
    const id = String(headers['mcp-session-id']);
    const list = '{"jsonrpc":"2.0","id":7,"method":"tools/list"}';
    expect((await listening.send('POST', { ...alice, 'mcp-session-id': id }, list)).status).toBe(200);
    await expect
      .poll(async () => (await listening.send('POST', { authorization: 'b' }, INITIALIZE)).status, { timeout: 15_000, interval: 200 })
      .toBe(200);
    expect((await listening.send('POST', { ...alice, 'mcp-session-id': id }, list)).status).toBe(404);
  });

  test('tells the host everything, and ends the program of a call that its client withdraws', async () => {
    const outcomes: CodeToolOutcome[] = [];
    const controller = new AbortController();
    await using listening = await start({
      session: () => ({
        tool: {
          runner: {
            ...runner,
            execute: (request, call) => runner.execute({ ...request, onOutput: () => controller.abort(new Error('enough')) }, call),
          },
        },
        onOutcome: (outcome) => outcomes.push(outcome),
      }),
    });
    const { client } = await listening.connect();
    const endless = callTool(
      client,
      'run_code',
      { language: 'python', code: 'print("begun", flush=True)\nwhile True: pass' },
      controller.signal,
    );
    await expect(endless).rejects.toThrow('enough');
    await expect.poll(() => outcomes.map(({ result }) => result?.status), { timeout: 15_000 }).toEqual(['cancelled']);
  });
});

describe('the end', () => {
  test('closes every session, and nobody begins another', async () => {
    await using listening = await start();
    await listening.connect();
    await listening.handler.close();
    await listening.handler.close();
    const { status } = await listening.send('POST', alice, INITIALIZE);
    expect(status).toBe(503);
  });

  test('of an authentication that fails by itself is no secret told', async () => {
    const warnings: unknown[] = [];
    const failure = new Error('database at db.internal is away');
    await using listening = await start({ authenticate: () => Promise.reject(failure), onWarning: (error) => warnings.push(error) });
    const { status, body } = await listening.send('POST', alice, INITIALIZE);
    expect([status, codeOf(body)]).toEqual([500, 'INTERNAL']);
    expect(body).not.toContain('db.internal');
    expect(warnings).toEqual([failure]);
  });
});

test.each<[string, object]>([
  ['session', { session: undefined }],
  ['authenticate', { authenticate: undefined }],
  ['maxSessions', { maxSessions: 0 }],
  ['idleTimeoutMs', { idleTimeoutMs: 5 }],
  ['colour', { colour: 'red' }],
])('the option "%s" is refused when it is wrong', async (field, wrong) => {
  await expect(start({ ...wrong })).rejects.toMatchObject({ code: 'REQUEST_INVALID', details: { field } });
});
