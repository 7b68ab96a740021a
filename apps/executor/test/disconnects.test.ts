import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { tokensDocument } from './executor-under-test.ts';
import { eventsOf } from './support/caller.ts';
import { makeSandbox, PATIENCE, serveScripts, untilRunning, type ServedScripts } from './support/served-scripts.ts';

const MEBIBYTE = 1024 * 1024;
const WAYS = [{ accept: undefined }, { accept: 'lines' }, { accept: 'serverSentEvents' }] as const;
const bodyOf = (code: string): string => JSON.stringify({ code });

/** Nothing lives and nothing runs. */
const untilNothingIsLeft = ({ provider }: ServedScripts): Promise<void> =>
  vi.waitFor(() => expect([provider.running, provider.queued, provider.sandboxes.size]).toEqual([0, 0, 0]), PATIENCE);

describe('a caller who goes away', () => {
  test.for(WAYS)('withdraws the program that runs ($accept)', async ({ accept }) => {
    const scripts = await serveScripts();
    const sent = scripts.caller.send('/v1/executions', { body: { code: 'wait 60000' }, ...(accept === undefined ? {} : { accept }) });
    await untilRunning(scripts.provider, 1);
    sent.destroy();
    await untilNothingIsLeft(scripts);
  });

  test.for(WAYS)('withdraws the call that waits for its turn ($accept)', async ({ accept }) => {
    const scripts = await serveScripts({ capacity: 1 });
    const id = await makeSandbox(scripts.caller);
    const sent = scripts.caller.send('/v1/executions', { body: { code: 'wait 60000' }, ...(accept === undefined ? {} : { accept }) });
    await vi.waitFor(() => expect(scripts.provider.queued).toBe(1), PATIENCE);
    sent.destroy();
    await vi.waitFor(() => expect(scripts.provider.queued).toBe(0), PATIENCE);
    await scripts.caller.call(`/v1/sandboxes/${id}`, { method: 'DELETE' });
    await delay(50);
    await untilNothingIsLeft(scripts);
  });

  test('withdraws the call that waits for a sandbox', async () => {
    const scripts = await serveScripts({ capacity: 1 });
    const id = await makeSandbox(scripts.caller);
    const waiting = [
      scripts.caller.send('/v1/sandboxes', { body: {} }),
      scripts.caller.send('/v1/sandboxes', { body: {}, accept: 'lines' }),
    ];
    await vi.waitFor(() => expect(scripts.provider.queued).toBe(2), PATIENCE);
    for (const sent of waiting) sent.destroy();
    await vi.waitFor(() => expect(scripts.provider.queued).toBe(0), PATIENCE);
    await scripts.caller.call(`/v1/sandboxes/${id}`, { method: 'DELETE' });
    await untilNothingIsLeft(scripts);
  });

  test.for(WAYS)('leaves a program with a key running, whose outcome he can ask for ($accept)', async ({ accept }) => {
    const scripts = await serveScripts();
    const call = { headers: { 'idempotency-key': 'one' }, body: { code: 'wait 400' }, ...(accept === undefined ? {} : { accept }) };
    const sent = scripts.caller.send('/v1/executions', call);
    await untilRunning(scripts.provider, 1);
    sent.destroy();
    const { text } = await scripts.caller.call('/v1/executions', { headers: call.headers, body: call.body });
    expect(JSON.parse(text)).toMatchObject({ status: 'completed' });
    await untilNothingIsLeft(scripts);
  });

  test('ends the sandbox that he holds, also when he is killed', async () => {
    const scripts = await serveScripts();
    const held = await scripts.caller.open('/v1/sandboxes', { body: {}, accept: 'lines' });
    await held.until('sandbox');
    held.breakOff();
    await untilNothingIsLeft(scripts);
    const { address, token } = scripts.served;
    const options = {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${token}`, accept: 'application/x-ndjson', 'content-type': 'application/json' },
    };
    const code = `fetch('${address}/v1/sandboxes', ${JSON.stringify(options)}).then((answer) => answer.text())`;
    const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await vi.waitFor(() => expect(scripts.provider.sandboxes.size).toBe(1), PATIENCE);
    child.kill('SIGKILL');
    await once(child, 'close');
    await untilNothingIsLeft(scripts);
  });

  test('leaves the sandbox alive that he was connecting to', async () => {
    const { provider, caller } = await serveScripts();
    const id = await makeSandbox(caller, { reconnectable: true });
    provider.connectMs = 300;
    const sent = caller.send(`/v1/sandboxes/${id}/connection`, { method: 'POST' });
    await vi.waitFor(() => expect(provider.queued).toBe(1), PATIENCE);
    sent.destroy();
    await vi.waitFor(() => expect(provider.queued).toBe(0), PATIENCE);
    await delay(50);
    expect(provider.sandboxes.size).toBe(1);
    expect((await caller.call(`/v1/sandboxes/${id}/connection`, { method: 'POST' })).status).toBe(200);
  });

  test('lets go of the file that he was reading, and the sandbox can be used on', async () => {
    const scripts = await serveScripts();
    const id = await makeSandbox(scripts.caller);
    const path = `/v1/sandboxes/${id}/file?path=a`;
    await scripts.caller.call(path, { method: 'PUT', body: Buffer.alloc(24 * MEBIBYTE) });
    const reading = await scripts.caller.open(path);
    reading.breakOff();
    const { text } = await scripts.caller.call(`/v1/sandboxes/${id}/executions`, { body: { code: 'nothing' } });
    expect(JSON.parse(text)).toMatchObject({ status: 'completed' });
    expect(scripts.provider.bytesTaken).toBeLessThan(20 * MEBIBYTE);
  });
});

describe('a token that is no longer good', () => {
  test.for([['revoked'], ['expired']] as const)('holds no sandbox when it is %s', async ([how]) => {
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const token = { id: 'short', text: 'spx_short', ...(how === 'expired' ? { expiresAt } : {}) };
    const { provider, served, caller } = await serveScripts({ tokens: [token] });
    const held = await caller.open('/v1/sandboxes', { body: {}, accept: 'lines', headers: { authorization: `Bearer ${token.text}` } });
    await held.until('sandbox');
    const other = await caller.open('/v1/sandboxes', { body: {}, accept: 'lines' });
    await other.until('sandbox');
    if (how === 'revoked') await writeFile(served.tokensFile, tokensDocument([{ id: 'everything', text: served.token }]));
    const { isWhole, text } = await held.read();
    expect([isWhole, eventsOf(text).at(-1)]).toEqual([true, { type: 'ended' }]);
    expect(provider.sandboxes.size).toBe(1);
    other.breakOff();
  });
});

describe('a reader who reads nothing', () => {
  test.for(['lines', 'serverSentEvents'] as const)('holds the program up and costs no memory (%s)', async (accept) => {
    const { provider, run } = await serveScripts();
    const bytes = 60 * MEBIBYTE;
    const before = process.memoryUsage();
    const answer = await run(`print ${bytes}`, { accept }, { limits: { outputBytes: 64 * MEBIBYTE } });
    // What the system holds for the connection is taken at once; then nothing more is.
    let taken = -1;
    while (provider.bytesTaken === 0 || taken !== provider.bytesTaken) {
      taken = provider.bytesTaken;
      await delay(300);
    }
    const after = process.memoryUsage();
    expect(taken).toBeLessThan(24 * MEBIBYTE);
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(32 * MEBIBYTE);
    const { isWhole, text } = await answer.read();
    expect([isWhole, text.length > bytes]).toEqual([true, true]);
  });
});

test('a caller who goes away while his request is still being read is noticed', async () => {
  const scripts = await serveScripts();
  const sent = scripts.caller.send('/v1/executions', { headers: { 'content-length': '100000' }, body: { code: bodyOf('wait 60000') } });
  await delay(50);
  sent.destroy();
  await untilNothingIsLeft(scripts);
});
