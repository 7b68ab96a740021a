import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect, test, vi } from 'vitest';
import { callTool, toldBy } from './told.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const snippets = new URL('snippets/', import.meta.url);
const blocks = [...readme.matchAll(/^<!-- snippet:([a-z.-]+) -->\n\n```(?:ts|js)\n(.*?)```$/gms)].map(([, name = '', text = '']) => ({
  name,
  text,
}));

test('the README has every program of test/snippets, to the letter, and no other', () => {
  const programs = readdirSync(snippets).map((name) => ({ name, text: readFileSync(new URL(name, snippets), 'utf8') }));
  expect(blocks.toSorted((left, right) => left.name.localeCompare(right.name))).toEqual(programs);
  expect(readme.match(/^```(?:ts|js)$/gm)).toHaveLength(blocks.length);
});

test('its HTTP server serves who has the token, and nobody else', async () => {
  vi.stubEnv('ALICES_TOKEN', 'test-token');
  vi.stubEnv('PORT', '0');
  const { server, stop } = await import('./snippets/http-program.ts');
  if (!server.listening) await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: 'Bearer test-token' } } }));
  expect(toldBy(await callTool(client, 'run_code', { language: 'python', code: 'def main(): return 6 * 7' }))).toMatchObject({
    value: '42',
  });
  const stranger = new Client({ name: 'test', version: '1' });
  await expect(stranger.connect(new StreamableHTTPClientTransport(url))).rejects.toThrow('Say who you are');
  await client.close();
  await stop();
  vi.unstubAllEnvs();
});
