import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { eventsOf } from './support/caller.ts';
import { serveScripts } from './support/served-scripts.ts';

const MEBIBYTE = 1024 * 1024;

test('whoever finds no room is told when to come again, however he is answered', async () => {
  const { provider, run, caller } = await serveScripts();
  provider.isFull = true;
  for (const { status, headers, text } of [
    await (await run('nothing')).read(),
    await caller.call('/v1/sandboxes', { body: {}, accept: 'lines' }),
  ]) {
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(text)).toMatchObject({ code: 'CAPACITY_EXHAUSTED', retryable: true, retryAfterMs: 1000 });
  }
  for (const accept of ['lines', 'serverSentEvents'] as const) {
    expect(eventsOf((await (await run('nothing', { accept })).read()).text).at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'CAPACITY_EXHAUSTED', retryable: true, retryAfterMs: 1000 },
    });
  }
});

test.for([
  ['nobody', {}, 401],
  ['a place where nothing is', { path: '/v1/nothing' }, 404],
  ['a sandbox that never was', { path: '/v1/sandboxes/executor.a.b/file?path=a', method: 'PUT', isKnown: true }, 404],
] as const)('a refusal reaches whoever sends much: %s', async ([, how, status]) => {
  const { caller } = await serveScripts();
  const { path = '/v1/executions', method = 'POST', isKnown = false } = { path: undefined, method: undefined, isKnown: undefined, ...how };
  const answer = await caller.call(path, {
    method,
    body: Buffer.alloc(8 * MEBIBYTE),
    headers: isKnown ? {} : { authorization: status === 401 ? 'Bearer none' : `Bearer ${caller.token}` },
  });
  expect(answer.status).toBe(status);
});

test.for(['close', 'keep-alive'])('whoever does not send what he announced is answered, and cut off (%s)', async (connection) => {
  const { served } = await serveScripts();
  const socket = connect(Number(new URL(served.address).port), '127.0.0.1');
  socket.write(`POST /v1/nothing HTTP/1.1\r\nhost: a\r\nconnection: ${connection}\r\ncontent-length: 1000\r\n\r\n`);
  let text = '';
  for await (const piece of socket as AsyncIterable<Buffer>) text += piece.toString();
  expect(text.split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found');
});
