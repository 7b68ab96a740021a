import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { makeToken } from '../../src/index.ts';
import { tokensDocument } from '../executor-under-test.ts';
import { ask, startInstantExecutor } from '../instant-executor.ts';

const WITHIN = { timeout: 5000, interval: 50 };

test('a token that is revoked is refused, and the other one of its tenant is not', async () => {
  const [former, next] = [makeToken(), makeToken()];
  const tokens = [
    { id: 'former', text: former, tenant: 'house' },
    { id: 'next', text: next, tenant: 'house' },
  ];
  await using served = await startInstantExecutor({ tokens });
  const { body } = await ask(served, 'POST /v1/sandboxes', { token: former, body: '{}' });
  const { id } = JSON.parse(body) as { readonly id: string };
  // What one of them made the other one uses.
  expect(await ask(served, `GET /v1/sandboxes/${id}`, { token: next })).toMatchObject({ status: 200 });
  await writeFile(served.tokensFile, tokensDocument(tokens.slice(1)));
  await vi.waitFor(async () => expect(await ask(served, 'GET /v1/capabilities', { token: former })).toMatchObject({ status: 401 }), WITHIN);
  expect(await ask(served, `DELETE /v1/sandboxes/${id}`, { token: next })).toMatchObject({ status: 204 });
});

test('a token expires while the executor runs', async () => {
  const tokens = [{ id: 'short', text: 'short-lived', expiresAt: new Date(Date.now() + 1500).toISOString() }];
  await using served = await startInstantExecutor({ tokens });
  expect(await ask(served, 'GET /v1/capabilities', { token: 'short-lived' })).toMatchObject({ status: 200 });
  await vi.waitFor(
    async () => expect(await ask(served, 'GET /v1/capabilities', { token: 'short-lived' })).toMatchObject({ status: 401 }),
    WITHIN,
  );
});

test.each([
  ['is broken', (file: string) => writeFile(file, '{"tokens":')],
  ['has a field that is none', (file: string) => writeFile(file, '{"tokens":[{"id":"a","sha256":"b"}]}')],
  ['is gone', (file: string) => rm(file)],
])('a file that %s leaves the former tokens in force, and is told of once', async (_name, breakFile) => {
  const lines: string[] = [];
  await using served = await startInstantExecutor({ log: { write: (line) => lines.push(line) } });
  const complaints = (): string[] => lines.filter((line) => line.includes('the tokens could not be read again'));
  await breakFile(served.tokensFile);
  await vi.waitFor(() => expect(complaints()).toHaveLength(1), WITHIN);
  // Two more looks at it.
  await delay(2200);
  expect(complaints()).toHaveLength(1);
  expect(await ask(served, 'GET /v1/capabilities')).toMatchObject({ status: 200 });
  await writeFile(served.tokensFile, tokensDocument([{ id: 'other', text: 'another' }]));
  await vi.waitFor(
    async () => expect(await ask(served, 'GET /v1/capabilities', { token: 'another' })).toMatchObject({ status: 200 }),
    WITHIN,
  );
  expect(await ask(served, 'GET /v1/capabilities')).toMatchObject({ status: 401 });
});

test('the same file again is no news, and a file that breaks a second time is', async () => {
  const lines: string[] = [];
  await using served = await startInstantExecutor({ log: { write: (line) => lines.push(line) } });
  const good = await readFile(served.tokensFile, 'utf8');
  const complaints = (): number => lines.filter((line) => line.includes('the tokens could not be read again')).length;
  for (const round of [1, 2]) {
    await writeFile(served.tokensFile, 'x'.repeat(round));
    await vi.waitFor(() => expect(complaints()).toBe(round), WITHIN);
    await writeFile(served.tokensFile, good);
    await delay(1100);
  }
});
