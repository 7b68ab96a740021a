import { existsSync, readdirSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startFakeE2b } from '@sandport/fakes';
import { expect, onTestFinished, test } from 'vitest';
import { createE2bProvider } from '../src/index.ts';
import { configOf } from './fake-service.ts';

/** Plays the one sandbox of a developer's machine: whatever sandbox is asked for, this one answers. */
async function machineOf(url: string, sandboxId: string, token: string | undefined): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, 'e2b-sandbox-id': sandboxId, ...(token === undefined ? {} : { 'x-access-token': token }) };
    const onward = request(url + (incoming.url ?? '/'), { method: incoming.method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('debug mode uses one sandbox without a control plane, one call at a time, and leaves nothing in it', { timeout: 60_000 }, async () => {
  await using fake = await startFakeE2b();
  const answer = await fetch(`${fake.url}/v2/sandboxes`, {
    method: 'POST',
    headers: { 'X-API-KEY': fake.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ templateID: 'base', timeout: 120 }),
  });
  const { sandboxID, envdAccessToken } = (await answer.json()) as { sandboxID: string; envdAccessToken?: string };
  const sandboxUrl = await machineOf(fake.url, sandboxID, envdAccessToken);
  await using provider = createE2bProvider(configOf(fake, { debug: true, apiKey: undefined, apiUrl: undefined, sandboxUrl }));
  const ran = await Promise.all(
    [1, 2, 3].map(async (number) => {
      await using sandbox = await provider.createSandbox({ language: 'python' });
      const code = 'import os\ndef main(n):\n    return [n, os.listdir(".")]\n';
      const result = await sandbox.execute({ code, arguments: { n: number } });
      return result;
    }),
  );
  expect(ran.map((result) => (result.status === 'completed' ? result.value : result))).toEqual([1, 2, 3].map((n) => [n, ['artifacts']]));
  expect(fake.requests.filter(({ plane }) => plane === 'control')).toHaveLength(1);
  const [sandbox] = fake.sandboxes();
  const temporary = sandbox === undefined ? '' : sandbox.homeFolder.replace(/home\/user$/, 'tmp');
  expect(existsSync(temporary)).toBe(true);
  await expect.poll(() => readdirSync(temporary).filter((name) => name.startsWith('sandport-'))).toEqual([]);
});
