import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ask, expectUnharmed, requestText, startInstantExecutor, type InstantExecutor } from '../instant-executor.ts';
import { RawConnection, statusOf } from '../raw-connection.ts';

let served: InstantExecutor;
beforeAll(async () => {
  served = await startInstantExecutor({
    config: { limits: { headerTimeoutMs: 500, bodyTimeoutMs: 500, answerTimeoutMs: 500, keepAliveTimeoutMs: 500, maxConnections: 40 } },
    tokens: [{ id: 'narrow', text: 'narrow-token', maxConcurrency: 3 }],
  });
});
afterEach(() => expectUnharmed(served));
afterAll(() => served[Symbol.asyncDispose]());

/** Sends a piece every now and then until the far side ends the connection. */
async function trickle(connection: RawConnection, piece: string): Promise<string> {
  const timer = setInterval(() => connection.send(piece), 50);
  try {
    return await connection.untilEnd();
  } finally {
    clearInterval(timer);
  }
}

describe('whoever is slow', () => {
  test('a header that never ends is answered 408 in its time', async () => {
    using connection = await RawConnection.open(served.address);
    expect(statusOf(await trickle(connection.send('GET /healthz HTTP/1.1\r\nhost: x\r\n'), 'a: b\r\n'))).toBe(408);
  });

  test('a connection that says nothing ends in its time', async () => {
    using connection = await RawConnection.open(served.address);
    expect(statusOf(await connection.untilEnd())).toBe(408);
  });

  test('a connection that says nothing more after an answer ends in its time', async () => {
    using connection = await RawConnection.open(served.address);
    expect(statusOf(await connection.send(requestText(served, 'GET /healthz', { closes: false })).untilEnd())).toBe(200);
  });

  test.each([
    ['application/json', 'POST /v1/executions'],
    ['multipart/form-data; boundary=b', 'POST /v1/executions'],
    ['application/octet-stream', 'POST /run'],
  ])('a body that never ends is cut off in its time: %s', async (type, line) => {
    using connection = await RawConnection.open(served.address);
    connection.send(requestText(served, line, { headers: { 'content-type': type, 'content-length': '100000' } }));
    await trickle(connection, ' ');
  });

  test('a file that comes slowly is taken as long as it comes', async () => {
    const id = await makeSandbox();
    using connection = await RawConnection.open(served.address);
    connection.send(
      requestText(served, `PUT /v1/sandboxes/${id}/file?path=a`, {
        headers: { 'content-type': 'application/octet-stream', 'content-length': '8' },
      }),
    );
    for (let piece = 0; piece < 8; piece += 1) {
      connection.send('a');
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    expect(statusOf(await connection.untilEnd())).toBe(204);
    await destroySandbox(id);
  });

  test.each(['', 'a'])('a file that falls silent after "%s" is cut off', async (begun) => {
    const id = await makeSandbox();
    using connection = await RawConnection.open(served.address);
    connection.send(
      requestText(served, `PUT /v1/sandboxes/${id}/file?path=a`, {
        headers: { 'content-type': 'application/octet-stream', 'content-length': '8' },
      }),
    );
    await connection.send(begun).untilEnd();
    await destroySandbox(id);
  });
});

describe('whoever goes away', () => {
  test('with one half of the connection is gone: the program is withdrawn', async () => {
    const before = served.provider.requests.length;
    using connection = await RawConnection.open(served.address);
    connection.send(requestText(served, 'POST /v1/executions', { body: '{"code":"wait"}' }));
    await vi.waitFor(() => expect(served.provider.requests).toHaveLength(before + 1));
    connection.socket.end();
    await connection.untilEnd();
  });

  test('in the middle of a header, of a body, of a file leaves nothing', async () => {
    const id = await makeSandbox();
    const whole = [
      requestText(served, 'POST /v1/executions', { body: '{"code":""}' }),
      requestText(served, `PUT /v1/sandboxes/${id}/file?path=a`, { body: 'abc', headers: { 'content-type': 'application/octet-stream' } }),
      requestText(served, 'POST /v1/sandboxes', { body: '{}' }),
    ];
    for (const text of whole) {
      for (const length of [1, 30, text.length - 1]) {
        using connection = await RawConnection.open(served.address);
        connection.send(text.slice(0, length));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    await destroySandbox(id);
  });

  test('withdraws the program, whatever kind of answer was wanted', async () => {
    for (const accept of ['application/json', 'application/x-ndjson', 'text/event-stream']) {
      const before = served.provider.requests.length;
      using connection = await RawConnection.open(served.address);
      connection.send(requestText(served, 'POST /v1/executions', { body: '{"code":"wait"}', headers: { accept } }));
      await vi.waitFor(() => expect(served.provider.requests).toHaveLength(before + 1));
    }
  });

  test('with requests behind one another leaves none of them', async () => {
    for (let round = 0; round < 3; round += 1) {
      using connection = await RawConnection.open(served.address);
      const text = requestText(served, 'POST /v1/executions', { body: '{"code":"wait"}', token: 'narrow-token', closes: false });
      const making = requestText(served, 'POST /v1/sandboxes', { body: '{}', token: 'narrow-token', closes: false });
      connection.send(text + text + making);
      await vi.waitFor(() => expect(served.provider.requests.length).toBeGreaterThan(0));
      served.provider.requests.length = 0;
    }
    await vi.waitFor(async () =>
      expect(await ask(served, 'GET /v1/capabilities', { token: 'narrow-token' })).toMatchObject({ status: 200 }),
    );
  });
});

describe('requests behind one another on one connection', () => {
  test('are answered in their order', async () => {
    using connection = await RawConnection.open(served.address);
    const texts = ['1', '2', '3'].map((code, index) =>
      requestText(served, 'POST /v1/executions', { body: JSON.stringify({ code, arguments: { code } }), closes: index === 2 }),
    );
    const answer = await connection.send(texts.join('')).untilEnd();
    expect([...answer.matchAll(/"valueJson":"\{\\"code\\":\\"(\d)/g)].map(([, code]) => code)).toEqual(['1', '2', '3']);
  });

  test('nonsense behind a request does not get into its answer', async () => {
    served.provider.stdout = 'x';
    using connection = await RawConnection.open(served.address);
    const first = requestText(served, 'POST /v1/executions', {
      body: '{"code":"wait"}',
      headers: { accept: 'application/x-ndjson' },
      closes: false,
    });
    await connection.send(first).until(/"accepted"/);
    const answer = await connection.send('nonsense\r\n\r\n').untilEnd();
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    served.provider.stdout = '';
  });

  test('thousands of them are not remembered', async () => {
    using connection = await RawConnection.open(served.address);
    const waiting = requestText(served, 'POST /v1/executions', { body: '{"code":"wait"}', closes: false });
    connection.send(waiting + requestText(served, 'GET /v1/capabilities', { closes: false }).repeat(5000));
    await connection.untilEnd();
  });
});

describe('whoever does not read', () => {
  test.each(['application/json', 'application/x-ndjson'])('loses the connection, and the answer is not kept: %s', async (accept) => {
    served.provider.stdout = 'x'.repeat(30 * 1024 * 1024);
    using connection = await RawConnection.open(served.address);
    connection.socket.pause();
    connection.send(requestText(served, 'POST /v1/executions', { body: '{"code":""}', headers: { accept } }));
    const far = await vi.waitFor(() => {
      const socket = served.sockets.find(({ remotePort }) => remotePort === connection.socket.localPort);
      expect(socket?.bytesWritten).toBeGreaterThan(0);
      return socket;
    }, 10_000);
    await vi.waitFor(() => expect(far?.destroyed).toBe(true), { timeout: 10_000 });
    served.provider.stdout = '';
  });
});

describe('connections', () => {
  test('more than may be are closed at once, and the others are served', async () => {
    using first = await RawConnection.open(served.address);
    await first.send(requestText(served, 'GET /healthz', { closes: false })).until(/200 OK/);
    const crowd = await Promise.all(Array.from({ length: 200 }, () => RawConnection.open(served.address)));
    await Promise.all(crowd.map((connection) => connection.untilEnd()));
    const refused = crowd.filter(({ received }) => received === '');
    expect(refused.length).toBeGreaterThanOrEqual(160);
    for (const { socket } of crowd) socket.destroy();
  });
});

async function makeSandbox(): Promise<string> {
  const { body } = await ask(served, 'POST /v1/sandboxes', { body: '{}' });
  return (JSON.parse(body) as { readonly id: string }).id;
}

async function destroySandbox(id: string): Promise<void> {
  expect(await ask(served, `DELETE /v1/sandboxes/${id}`)).toMatchObject({ status: 204 });
}
