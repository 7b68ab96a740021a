import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { ask, startInstantExecutor } from '../instant-executor.ts';

/** A server that keeps what it is asked. */
async function startListener() {
  const asked: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    address,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('an address in the place of a path leads nowhere but to the peer', async () => {
  await using peer = await startListener();
  await using elsewhere = await startListener();
  await using served = await startInstantExecutor({ config: { peers: { other: peer.address } } });
  for (const url of [`${elsewhere.address}/v1/sandboxes/other.a.b`, `HTTP://${elsewhere.address.slice(7)}/v1/sandboxes/other.a.b`])
    await ask(served, `GET ${url}`);
  expect(elsewhere.asked).toEqual([]);
  expect(peer.asked.every(({ url }) => url === '/v1/sandboxes/other.a.b')).toBe(true);
});

test('a path comes to the peer as it was sent', async () => {
  await using peer = await startListener();
  await using served = await startInstantExecutor({ config: { peers: { other: peer.address } } });
  const paths = [
    '/v1/sandboxes/other.a.b/contexts/%2e%2e/executions',
    '/v1/sandboxes/other.a.b%2f..%2f..%2fx',
    '/v1/executions/other.x?a=..',
  ];
  for (const path of paths) await ask(served, `${path.includes('contexts') ? 'POST' : 'DELETE'} ${path}`);
  expect(peer.asked.map(({ url }) => url)).toEqual(paths);
});

test('nobody is handed on without a token, or with one that is not good for it', async () => {
  await using peer = await startListener();
  await using served = await startInstantExecutor({
    config: { peers: { other: peer.address } },
    tokens: [{ id: 'reader', text: 'reader', scopes: ['read'] }],
  });
  expect(await ask(served, 'GET /v1/sandboxes/other.a.b', { token: null })).toMatchObject({ status: 401 });
  expect(await ask(served, 'GET /v1/sandboxes/other.a.b', { token: 'reader' })).toMatchObject({ status: 403 });
  expect(peer.asked).toEqual([]);
});

test('a peer that is not there is answered for', async () => {
  await using served = await startInstantExecutor({ config: { peers: { other: 'http://127.0.0.1:1' } } });
  const { status, head } = await ask(served, 'GET /v1/sandboxes/other.a.b');
  expect([status, head.includes('problem+json')]).toEqual([503, true]);
});
