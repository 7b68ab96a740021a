import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '@sandport/executor-api';
import { ask, expectUnharmed, requestText, startInstantExecutor, type InstantExecutor } from '../instant-executor.ts';
import { answerTo, RawConnection, statusOf } from '../raw-connection.ts';

let served: InstantExecutor;
beforeAll(async () => {
  served = await startInstantExecutor({ config: { limits: { headerBytes: 8192, bodyBytes: 65_536, headerTimeoutMs: 1000 } } });
});
afterEach(() => expectUnharmed(served));
afterAll(() => served[Symbol.asyncDispose]());

const say = (text: string): Promise<string> => answerTo(served.address, text);
const withToken = (): string => `host: x\r\nauthorization: Bearer ${served.token}\r\n`;

describe('what is no HTTP', () => {
  test.each([
    ['no request line', '\r\n\r\n\r\nnonsense\r\n\r\n'],
    ['a version that is none', 'GET / HTTP/9.9\r\nhost: x\r\n\r\n'],
    ['an unknown method', 'STEAL / HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a space in a header name', 'GET /healthz HTTP/1.1\r\nhost : x\r\n\r\n'],
    ['a control character in a header', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: a\u0000b\r\n\r\n'],
    ['a bare line feed within a header', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: a\rb: c\r\n\r\n'],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['bytes of TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('%s is answered 400, and its connection ends', async (_name, text) => {
    expect(statusOf(await say(text))).toBe(400);
  });
});

describe('headers', () => {
  test.each([
    ['one that is too long', `x-long: ${'a'.repeat(10_000)}\r\n`],
    ['a million of them', 'a: b\r\n'.repeat(1_000_000)],
    ['a first line that is too long', ''],
  ])('%s are answered 431 before they are read', async (name, headers) => {
    const path = name.startsWith('a first line') ? `/${'a'.repeat(10_000)}` : '/v1/capabilities';
    const before = served.bytesRead();
    // Whoever goes on writing to a connection that ended may lose the answer.
    expect(name.startsWith('a million') ? [0, 431] : [431]).toContain(
      statusOf(await say(`GET ${path} HTTP/1.1\r\n${withToken()}${headers}\r\n`)),
    );
    expect(served.bytesRead() - before).toBeLessThan(500_000);
  });
});

describe('two ways to say where a message ends', () => {
  test.each([
    ['two lengths', 'content-length: 4\r\ncontent-length: 5\r\n'],
    ['a length and chunks', 'content-length: 4\r\ntransfer-encoding: chunked\r\n'],
    ['chunks and a length', 'transfer-encoding: chunked\r\ncontent-length: 4\r\n'],
    ['chunks that are not the last encoding', 'transfer-encoding: chunked, identity\r\n'],
    ['an encoding that looks like chunks', 'transfer-encoding: xchunked\r\n'],
    ['a length with a sign', 'content-length: +4\r\n'],
    ['a negative length', 'content-length: -4\r\n'],
    ['a length in hexadecimal digits', 'content-length: 0x4\r\n'],
    ['a length beyond every number', `content-length: ${'9'.repeat(40)}\r\n`],
  ])('%s: refused, and what comes behind is no request', async (_name, headers) => {
    const smuggled = requestText(served, 'POST /v1/sandboxes', { body: '{}' });
    const answer = await say(
      `POST /v1/executions HTTP/1.1\r\n${withToken()}content-type: application/json\r\n${headers}\r\n0\r\n\r\n${smuggled}`,
    );
    expect(statusOf(answer)).toBe(400);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test.each([
    ['a size that is no number', 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a size beyond every number', 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n'],
    ['a chunk that is longer than it says', '1\r\n{}\r\n0\r\n\r\n'],
    ['a size with a sign', '-1\r\n{}\r\n0\r\n\r\n'],
  ])('chunks: %s is answered once with 400', async (_name, body) => {
    const head = `POST /v1/executions HTTP/1.1\r\n${withToken()}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
    const answer = await say(head + body);
    expect(statusOf(answer)).toBe(400);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('paths', () => {
  const nonsense = [
    '/v1/../metrics',
    '/v1/%2e%2e/metrics',
    '//v1/capabilities',
    '/v1//capabilities',
    '/v1/capabilities/',
    '/V1/capabilities',
    '/v1/capabilities%00',
    '/v1/capabilities;a=b',
    '/v1/%63apabilities%2f',
    '/\\v1\\capabilities',
    '/:a(^(a+)+$)',
    '/:(',
    '/*',
    '/constructor',
    '/__proto__',
  ];
  test.each(nonsense)('%s is nothing', async (path) => {
    const { status, body } = await ask(served, `GET ${path}`);
    expect([status, problemSchema.parse(JSON.parse(body)).code]).toEqual([404, 'NOT_FOUND']);
  });

  test.each(['/v1/sandboxes/%', '/v1/sandboxes/%zz', '/v1/sandboxes/%ff', '/v1/sandboxes/%00%'])('%s cannot be read', async (path) => {
    const { status, body } = await ask(served, `GET ${path}`);
    expect([status, problemSchema.parse(JSON.parse(body)).code]).toEqual([400, 'REQUEST_INVALID']);
  });

  test.each([
    '..',
    '.',
    '%2e%2e',
    '%2f..%2f',
    '%00',
    'a%2fb',
    '%0d%0a',
    'executor..',
    '%F0%9F%98%80',
    'x'.repeat(512),
    '*',
    ':sandbox(',
    '__proto__',
  ])('a sandbox called %s is none', async (id) => {
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await ask(served, `${method} /v1/sandboxes/${id}`);
      expect([status, problemSchema.parse(JSON.parse(body)).code]).toEqual([404, 'SANDBOX_NOT_FOUND']);
    }
  });

  test('an id that is too long is none', async () => {
    const { status, body } = await ask(served, `GET /v1/sandboxes/${'x'.repeat(5000)}`);
    expect([status, problemSchema.parse(JSON.parse(body)).code]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('methods', () => {
  test.each(['PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'PUT'])(
    '%s is not for this path, and the answer names those that are',
    async (method) => {
      for (const path of ['/v1/capabilities', '/v1/sandboxes/x/connection']) {
        const { status, head, body } = await ask(served, `${method} ${path}`);
        expect([status, problemSchema.parse(JSON.parse(body)).code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
        expect(head).toContain(path.endsWith('connection') ? 'allow: post' : 'allow: get');
      }
    },
  );

  test('HEAD needs a token as GET does, and answers no body', async () => {
    expect(await ask(served, 'HEAD /v1/capabilities', { token: null })).toMatchObject({ status: 401, body: '' });
    expect(await ask(served, 'HEAD /v1/capabilities')).toMatchObject({ status: 200, body: '' });
  });

  test('CONNECT opens no tunnel', async () => {
    expect(statusOf(await say(`CONNECT example.com:443 HTTP/1.1\r\n${withToken()}\r\n`))).not.toBe(200);
  });

  test('an upgrade is not taken', async () => {
    const headers = { connection: 'upgrade, close', upgrade: 'websocket', 'sec-websocket-key': 'a', 'sec-websocket-version': '13' };
    expect(await ask(served, 'GET /v1/capabilities', { headers, token: null })).toMatchObject({ status: 401 });
    expect(await ask(served, 'GET /v1/capabilities', { headers })).toMatchObject({ status: 200 });
  });

  test('an absolute address is the path in it', async () => {
    expect(await ask(served, 'GET http://elsewhere.example/v1/capabilities')).toMatchObject({ status: 200 });
    expect(await ask(served, 'GET http://elsewhere.example/v1/capabilities', { token: null })).toMatchObject({ status: 401 });
  });
});

describe('HTTP/1.0', () => {
  test('is answered, and its connection ends', async () => {
    const answer = await say(`GET /v1/capabilities HTTP/1.0\r\n${withToken()}\r\n`);
    expect([statusOf(answer), answer.includes('sandport-executor')]).toEqual([200, true]);
  });
});

describe('Expect: 100-continue', () => {
  test('nobody is told to go on who is refused', async () => {
    const expecting = { expect: '100-continue', 'content-length': '1000', 'content-type': 'application/json' };
    const refused = await answerTo(served.address, requestText(served, 'POST /v1/executions', { headers: expecting, token: null }));
    expect(refused).toMatch(/^HTTP\/1\.1 401/);
    const tooLarge = { ...expecting, 'content-length': '100000000' };
    expect(await answerTo(served.address, requestText(served, 'POST /v1/executions', { headers: tooLarge }))).toMatch(/^HTTP\/1\.1 413/);
  });

  test('whoever is let in is told to go on', async () => {
    using connection = await RawConnection.open(served.address);
    const body = JSON.stringify({ code: '' });
    const headers = { expect: '100-continue', 'content-length': String(body.length), 'content-type': 'application/json' };
    await connection.send(requestText(served, 'POST /v1/executions', { headers })).until(/100 Continue\r\n\r\n/);
    expect(await connection.send(body).untilEnd()).toContain('"completed"');
  });

  test('another expectation is answered 417', async () => {
    expect(await ask(served, 'GET /healthz', { headers: { expect: 'miracles' } })).toMatchObject({ status: 417 });
  });
});
