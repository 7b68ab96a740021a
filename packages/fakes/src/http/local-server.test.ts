import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { jsonAnswer } from './answer.ts';
import { startLocalServer, type Exchange, type LocalServer } from './local-server.ts';

let server: LocalServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(handle: (exchange: Exchange) => Promise<void> | void): Promise<string> {
  server = await startLocalServer(10, handle);
  return `http://${server.host}`;
}

describe('startLocalServer', () => {
  test('gives a request as it came', async () => {
    const url = await serve(({ request, ...exchange }) => {
      const { method, path, queryText, body } = request;
      exchange.send(jsonAnswer(201, { method, path, queryText, mark: request.headers.get('x-mark'), body: body.toString() }));
    });
    const response = await fetch(`${url}/a%2Fb//c?x=1&y=%20`, { method: 'POST', headers: { 'X-Mark': 'M' }, body: 'text' });
    const expected = { method: 'POST', path: '/a%2Fb//c', queryText: 'x=1&y=%20', mark: 'M', body: 'text' };
    expect([response.status, await response.json()]).toEqual([201, expected]);
  });

  test('says of a body that it is too large, and keeps none that is', async () => {
    const url = await serve(({ request, ...exchange }) => {
      exchange.send(jsonAnswer(200, [request.isTooLarge, request.body.length]));
    });
    const answers = [10, 11].map(async (length) => (await fetch(url, { method: 'POST', body: 'x'.repeat(length) })).json());
    expect(await Promise.all(answers)).toEqual([
      [false, 10],
      [true, 0],
    ]);
  });

  test('answers for a handler that fails, also after a body', async () => {
    const url = await serve(() => Promise.reject(new Error('of the handler')));
    for (const init of [{}, { method: 'POST', body: 'x' }]) {
      const response = await fetch(url, init);
      expect([response.status, await response.text()]).toEqual([500, 'The fake failed: Error: of the handler']);
    }
  });

  test('outlives callers who send half a request, or none that can be read', async () => {
    const url = await serve((exchange) => {
      exchange.send(jsonAnswer(200, 'fine'));
    });
    const { hostname, port } = new URL(url);
    for (const text of ['POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf', 'nonsense\r\n\r\n']) {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      socket.write(text);
      socket.resume();
      socket.end();
      await once(socket, 'close');
    }
    expect(await (await fetch(url)).json()).toBe('fine');
  });

  test('closes while somebody waits', async () => {
    const caller = new EventEmitter();
    const url = await serve(async ({ gone }) => {
      caller.emit('here');
      await once(gone, 'abort');
    });
    const here = once(caller, 'here');
    const waiting = fetch(url);
    await here;
    await Promise.all([expect(waiting).rejects.toThrow('fetch failed'), server?.close()]);
    server = undefined;
  });
});
