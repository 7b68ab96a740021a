import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMcpHandler } from '../src/index.ts';
import { callTool, textOf, toldBy } from './told.ts';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const COMPILER = pathOf('../../../node_modules/typescript/bin/tsc');

const provider = createProvider(wasmProvider, {});
const handler = createMcpHandler({ session: () => ({ tool: { runner: runnerOfProvider(provider) } }), authenticate: () => 'anybody' });
let httpServer: Server;
let url: URL;

beforeAll(async () => {
  // The program over stdio is a process of its own, with the packages as they are installed.
  await promisify(execFile)(process.execPath, [COMPILER, '-b', pathOf('..'), pathOf('../../provider-wasm')]);
  httpServer = createServer((request, response) => void handler.handle(request, response));
  await new Promise<void>((resolve) => {
    httpServer.listen(0, '127.0.0.1', resolve);
  });
  url = new URL(`http://127.0.0.1:${(httpServer.address() as AddressInfo).port}/mcp`);
}, 120_000);

afterAll(async () => {
  await handler.close();
  httpServer.closeAllConnections();
  httpServer.close();
  await provider.close();
});

const transports: [name: string, make: () => Transport][] = [
  [
    'stdio',
    () =>
      new StdioClientTransport({
        command: process.execPath,
        args: [pathOf('snippets/stdio-program.mjs')],
        stderr: 'pipe',
      }),
  ],
  ['streamable HTTP', () => new StreamableHTTPClientTransport(url)],
];

describe.each(transports)('over %s', (_name, make) => {
  const client = new Client({ name: 'test', version: '1' });

  beforeAll(() => client.connect(make()));
  afterAll(() => client.close());

  test('the tools are listed, with what a model needs to call them', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['run_code', 'list_artifacts', 'read_artifact']);
    expect(tools[0]?.description).toContain('Example in Python');
    expect(tools[0]?.inputSchema).toMatchObject({ type: 'object', additionalProperties: false, required: ['code', 'language'] });
  });

  test('code runs, and what it leaves is listed and read', async () => {
    const code =
      'import os\ndef main(n):\n    os.makedirs("artifacts", exist_ok=True)\n    open("artifacts/ü.csv", "w").write("a,b\\n" * n)\n    return n\n';
    const called = await callTool(client, 'run_code', { language: 'python', code, arguments: { n: 2 } });
    expect(called.isError).toBe(false);
    expect(toldBy(called)).toEqual({
      status: 'completed',
      value: '2',
      artifacts: [{ id: 'artifact-1', name: 'ü.csv', mediaType: 'text/csv', sizeBytes: 8 }],
    });
    expect(toldBy(await callTool(client, 'list_artifacts', {}))).toEqual({
      artifacts: [{ id: 'artifact-1', name: 'ü.csv', mediaType: 'text/csv', sizeBytes: 8 }],
    });
    expect(textOf(await callTool(client, 'read_artifact', { id: 'artifact-1' }))).toBe('a,b\na,b\n');
    expect(textOf(await callTool(client, 'read_artifact', { id: 'artifact-1', offset: 4 }))).toBe('a,b\n');
  });

  test('a program that fails is an error that the model can read', async () => {
    const called = await callTool(client, 'run_code', { language: 'javascript', code: 'console.log("done"); throw new RangeError("no")' });
    expect(called.isError).toBe(true);
    expect(toldBy(called)).toMatchObject({ status: 'failed', stdout: 'done\n', error: 'RangeError: no' });
  });

  test.each<[string, string, Record<string, unknown>, string]>([
    ['another language', 'run_code', { language: 'bash', code: 'id' }, 'language: '],
    ['a field that is not known', 'run_code', { language: 'python', code: '1', tenant: 'other' }, 'tenant: '],
    ['huge code', 'run_code', { language: 'python', code: 'x'.repeat(200_000) }, 'code: '],
    ['code that is no text', 'run_code', { language: 'python', code: ['1'] }, 'code: '],
    ['a path in place of an id', 'read_artifact', { id: '../../etc/passwd' }, 'id: '],
    ['a name of a prototype', 'read_artifact', { id: '__proto__' }, 'id: '],
    ['an offset below zero', 'read_artifact', { id: 'artifact-1', offset: -1 }, 'offset: '],
    ['something to list', 'list_artifacts', { path: '/' }, 'path: '],
    ['a tool that is not there', 'constructor', {}, 'There is no tool'],
    ['a tool for state that nobody keeps', 'reset_state', {}, 'There is no tool'],
  ])('hostile input is refused: %s', async (_what, name, input, words) => {
    const called = await callTool(client, name, input);
    expect(called.isError).toBe(true);
    expect(textOf(called)).toContain(words);
    expect(textOf(called).length).toBeLessThan(1000);
  });

  test('a withdrawn call ends its program, and the session goes on', async () => {
    const controller = new AbortController();
    const call = callTool(client, 'run_code', { language: 'python', code: 'while True: pass' }, controller.signal);
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(toldBy(await callTool(client, 'run_code', { language: 'python', code: 'def main(): return 1' }))).toMatchObject({ value: '1' });
  });
});
