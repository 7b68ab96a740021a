import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { openSqliteSettings } from '@sandport/settings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildCli, FAKE_CLI, REAL_CLI, startCli } from './spawned-cli.ts';

const TOKEN = 'a-token-of-this-test';
const listeningSchema = z.object({ url: z.url(), needsToken: z.boolean() });

let folder: string;
let settingsPath: string;
let tokenFile: string;

beforeAll(async () => {
  await buildCli();
  folder = mkdtempSync(join(tmpdir(), 'sandport-cli-'));
  settingsPath = join(folder, 'settings.sqlite');
  tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${TOKEN}\n`);
  const settings = openSqliteSettings({ path: settingsPath });
  await settings.write([
    { name: 'sandbox.provider_type', source: 'test', dataType: 'string', value: 'wasm' },
    { name: 'sandbox.wasm', source: 'test', dataType: 'json', value: '{"warmChildren":1}' },
    { name: 'sandbox.fake', source: 'test', dataType: 'json', value: '{}' },
  ]);
  await settings.close();
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A server over HTTP, and where it listens. */
async function startHttp(program: string, words: readonly string[]) {
  const { child, output, ended } = startCli(program, ['mcp', '--http', '127.0.0.1:0', '--json', ...words], settingsPath);
  await expect.poll(() => output.stdout, { timeout: 20_000 }).toContain('}');
  return { child, ended, ...listeningSchema.parse(JSON.parse(output.stdout)) };
}

async function textOf(client: Client, name: string, input: Record<string, unknown>): Promise<{ isError: boolean; text: string }> {
  const { content, isError } = await client.callTool({ name, arguments: input });
  const [first] = z.array(z.object({ text: z.string() })).parse(content);
  return { isError: isError === true, text: first?.text ?? '' };
}

const code =
  'import os\ndef main(n):\n    os.makedirs("artifacts", exist_ok=True)\n    open("artifacts/a.csv", "w").write("a\\n" * n)\n    return n * 21\n';

/** What an agent's program does with a server, whichever way it leads to it. */
async function useServer(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['run_code', 'list_artifacts', 'read_artifact']);
  const ran = await textOf(client, 'run_code', { language: 'python', code, arguments: { n: 2 } });
  expect([ran.isError, JSON.parse(ran.text)]).toMatchObject([
    false,
    { status: 'completed', value: '42', artifacts: [{ id: 'artifact-1' }] },
  ]);
  expect(await textOf(client, 'read_artifact', { id: 'artifact-1' })).toEqual({ isError: false, text: 'a\na\n' });
  for (const [name, input, words] of [
    ['run_code', { language: 'bash', code: 'id' }, 'language: '],
    ['run_code', { language: 'python', code: '1', tenant: 'other' }, 'tenant: '],
    ['run_code', { language: 'python', code: 'x'.repeat(200_000) }, 'code: '],
    ['read_artifact', { id: '../../etc/passwd' }, 'id: '],
    ['constructor', {}, 'There is no tool'],
  ] as const)
    expect(await textOf(client, name, input)).toEqual({ isError: true, text: expect.stringContaining(words) as string });
  return client;
}

describe('over stdio', () => {
  test('an agent lists and calls the tools, hostile input is refused, and stdout has the protocol alone', { timeout: 60_000 }, async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [REAL_CLI, 'mcp', '--settings', settingsPath],
      env: { PATH: process.env['PATH'] ?? '', HOME: folder },
      stderr: 'pipe',
    });
    const faults: Error[] = [];
    // What is no message of the protocol is told here.
    transport.onerror = (error) => faults.push(error);
    const client = await useServer(transport);
    await client.close();
    expect(faults).toEqual([]);
  });

  const INITIALIZE = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  });

  test.each([
    ['the end of its input', undefined, 0],
    ['SIGINT', 'SIGINT', 130],
    ['SIGTERM', 'SIGTERM', 143],
  ] as const)('%s ends it, with what runs and what is kept', async (_what, signal, exitCode) => {
    const { child, output, ended } = startCli(FAKE_CLI, ['mcp', '--provider', 'fake'], settingsPath);
    child.stdin.write(`${INITIALIZE}\n`);
    await expect.poll(() => output.stdout, { timeout: 20_000 }).toContain('"id":1');
    const call = { name: 'run_code', arguments: { language: 'python', code: 'wait' } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: call })}\n`);
    await expect.poll(() => output.stderr, { timeout: 20_000 }).toContain('fake: waiting');
    if (signal === undefined) child.stdin.end();
    else child.kill(signal);
    const { stdout, stderr, ...end } = await ended;
    expect(end).toEqual({ exitCode, signal: null });
    for (const line of stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    // The first to be closed was only asked what it can do.
    expect(
      stderr
        .split('\n')
        .filter((line) => line.startsWith('fake:'))
        .toSorted(),
    ).toEqual(['fake: close', 'fake: close', 'fake: createSandbox', 'fake: destroy', 'fake: waiting']);
  });
});

describe('over HTTP', () => {
  test('an agent with the token lists and calls the tools, and nobody else gets in', { timeout: 60_000 }, async () => {
    const { child, ended, url, needsToken } = await startHttp(REAL_CLI, ['--token-file', tokenFile]);
    expect(needsToken).toBe(true);
    const transportWith = (headers: Record<string, string>) =>
      new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
    const client = await useServer(transportWith({ authorization: `Bearer ${TOKEN}` }));
    for (const headers of [{}, { authorization: 'Bearer another-token-of-it' }, { authorization: TOKEN }])
      await expect(new Client({ name: 'test', version: '1' }).connect(transportWith(headers))).rejects.toThrow('Say who you are');
    await client.close();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ exitCode: 143, signal: null });
  });

  test('without a token it serves this machine, no page of another site, and one path', async () => {
    const { child, ended, url, needsToken } = await startHttp(FAKE_CLI, ['--provider', 'fake']);
    expect(needsToken).toBe(false);
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    expect((await textOf(client, 'run_code', { language: 'python', code: 'value 7' })).text).toContain('"value":"7"');
    const statusOf = async (where: string, headers: Record<string, string>) =>
      (await fetch(where, { method: 'POST', headers, body: '{}' })).status;
    expect(await statusOf(url, { origin: 'https://example.com' })).toBe(403);
    expect(await statusOf(new URL('/other', url).href, {})).toBe(404);
    // The client stays connected: it keeps nobody waiting.
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ exitCode: 130, signal: null });
  });
});
