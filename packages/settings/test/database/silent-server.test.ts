import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/index.ts';
import { settingsIn } from '../../src/stored-settings.ts';
import { failureOf } from './test-database.ts';

/** Takes connections and never says a word. */
let server: Server;
let sockets: Set<Socket>;
let accepted: number;
let port: number;

beforeEach(async () => {
  sockets = new Set();
  accepted = 0;
  server = createServer((socket) => {
    sockets.add(socket);
    accepted += 1;
    // Without a reader nobody would notice the end.
    socket.resume();
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

describe.each(['postgres', 'mysql'])('a %s server that never answers', (scheme) => {
  test.each(['read', 'write'] as const)('ends a %s at its deadline, and no connection stays', async (kind) => {
    const settings = settingsIn(openDatabase(`${scheme}://user:hunter2@127.0.0.1:${port}/settings`, { callTimeoutMs: 200 }));
    const error = await failureOf(
      kind === 'read' ? settings.read(['a']) : settings.write([{ name: 'a', source: 's', dataType: 't', value: 'v' }]),
    );
    expect([error.code, error.message, error.retryable]).toEqual([
      'SETTINGS_UNAVAILABLE',
      `The settings database "${scheme}://user@127.0.0.1:${port}/settings" did not answer within 200 ms.`,
      true,
    ]);
    await expect.poll(() => sockets.size).toBe(0);
    await settings.close();
  });

  test('leaves a call to its signal, and others in their place', async () => {
    const settings = settingsIn(openDatabase(`${scheme}://user@127.0.0.1:${port}/settings`, { poolSize: 1 }));
    const controller = new AbortController();
    const calls = [settings.read(['a'], { signal: controller.signal }), settings.read(['b'], { signal: controller.signal })].map(failureOf);
    const queued = failureOf(settings.read(['c']));
    await expect.poll(() => sockets.size).toBe(1);
    controller.abort('enough');
    expect((await Promise.all(calls)).map(({ code, cause }) => [code, cause])).toEqual([
      ['CANCELLED', 'enough'],
      ['CANCELLED', 'enough'],
    ]);
    await expect.poll(() => [accepted, sockets.size]).toEqual([2, 1]);
    for (const socket of sockets) socket.destroy();
    expect((await queued).code).toBe('SETTINGS_UNAVAILABLE');
    await settings.close();
  });

  test('does not hold up closing longer than the deadline of a call', async () => {
    const settings = settingsIn(openDatabase(`${scheme}://user@127.0.0.1:${port}/settings`, { callTimeoutMs: 200, poolSize: 1 }));
    const running = failureOf(settings.read(['a']));
    const waiting = failureOf(settings.read(['b']));
    const closing = settings.close();
    expect((await waiting).message).toContain('was closed');
    expect((await running).message).toContain('did not answer');
    await closing;
    await expect.poll(() => sockets.size).toBe(0);
  });
});
