import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '@sandport/executor-api';
import { ask, expectUnharmed, requestText, startInstantExecutor, type InstantExecutor } from '../instant-executor.ts';
import { answerTo, RawConnection, statusOf } from '../raw-connection.ts';

const BODY_BYTES = 4 * 1024 * 1024;
let served: InstantExecutor;
beforeAll(async () => {
  served = await startInstantExecutor({ config: { limits: { bodyBytes: BODY_BYTES } } });
});
afterEach(() => expectUnharmed(served));
afterAll(() => served[Symbol.asyncDispose]());

/** Sends a head, and then pieces of a body for as long as they are taken; gives the answer, and the bytes that the executor read. */
async function pour(head: string, piece: string, most = 200): Promise<{ readonly answer: string; readonly bytes: number }> {
  const before = served.bytesRead();
  using connection = await RawConnection.open(served.address);
  connection.send(head);
  for (let sent = 0; sent < most && !connection.socket.destroyed && connection.received === ''; sent += 1) {
    connection.send(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const answer = await connection.untilEnd();
  return { answer, bytes: served.bytesRead() - before };
}

const MEBIBYTE_OF_A = 'a'.repeat(1024 * 1024);
const CHUNK_OF_A = `100000\r\n${MEBIBYTE_OF_A}\r\n`;
const chunked = { 'transfer-encoding': 'chunked', 'content-type': 'application/json' };
const long = { 'content-length': '1000000000', 'content-type': 'application/json' };

describe('a body that is too large', () => {
  test('is refused by its length alone', async () => {
    const { status, body } = await ask(served, 'POST /v1/executions', { headers: long });
    expect([status, problemSchema.parse(JSON.parse(body)).code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  // Whoever goes on writing to a connection that has ended may lose the answer: what is counted is what was read.
  test('in chunks is read up to the limit and no further', async () => {
    const { answer, bytes } = await pour(requestText(served, 'POST /v1/executions', { headers: chunked }), CHUNK_OF_A);
    expect([0, 413]).toContain(statusOf(answer));
    expect(bytes).toBeLessThan(3 * BODY_BYTES);
  });

  test.each([
    ['as a file', '--b\r\ncontent-disposition: form-data; name="a"; filename="a"\r\n\r\n'],
    ['as a field', '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n'],
    ['before every part', 'nothing'],
    ['behind the last part', '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n--b--\r\n'],
  ])('in parts is read up to the limit and no further: %s', async (_name, first) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b', 'transfer-encoding': 'chunked' };
    const head = `${requestText(served, 'POST /v1/executions', { headers })}${first.length.toString(16)}\r\n${first}\r\n`;
    const { answer, bytes } = await pour(head, CHUNK_OF_A);
    expect([0, 400, 413]).toContain(statusOf(answer));
    expect(bytes).toBeLessThan(3 * BODY_BYTES);
  });

  test('in parts is refused by its length alone', async () => {
    const headers = { ...long, 'content-type': 'multipart/form-data; boundary=b' };
    expect(await ask(served, 'POST /v1/executions', { headers })).toMatchObject({ status: 413 });
  });
});

describe('a body that nobody wants', () => {
  const bytes = { ...long, 'content-type': 'application/octet-stream' };
  test.each([
    ['without a token', 'POST /v1/executions', null, 401, long],
    ['with a token that is none', 'POST /v1/executions', 'spx_nonsense', 401, long],
    ['to a path that is nothing', 'POST /v1/nonsense', null, 404, long],
    ['to a path that is nothing, with a token', 'POST /v1/nonsense', undefined, 404, long],
    ['with a method that is none', 'PATCH /v1/executions', null, 405, long],
    ['to the health route', 'GET /healthz', null, 200, long],
    ['to a path that cannot be read', 'POST /v1/sandboxes/%zz/executions', null, 400, long],
    ['to a sandbox that is none', 'PUT /v1/sandboxes/nonsense/file?path=a', undefined, 404, bytes],
    ['to an execution that is none', 'PUT /v1/executions/nonsense/input', undefined, 404, bytes],
    ['of a kind that is not taken', 'PUT /v1/executions/nonsense/input', undefined, 415, long],
    ['where none is taken', 'DELETE /v1/sandboxes/nonsense', undefined, 415, long],
    ['where none is taken but all goes well', 'GET /v1/capabilities', undefined, 200, long],
  ])('%s is not read, and the answer does not wait for it', async (_name, line, token, status, headers) => {
    const given = { closes: false, ...(token === undefined ? {} : { token }) };
    const head = requestText(served, line, { ...given, headers });
    expect(statusOf(await answerTo(served.address, head))).toBe(status);
    const poured = [
      await pour(head, MEBIBYTE_OF_A),
      await pour(requestText(served, line, { ...given, headers: { ...headers, ...chunked } }), CHUNK_OF_A),
    ];
    for (const { bytes: read } of poured) expect(read).toBeLessThan(BODY_BYTES);
  });
});

describe('a kind of body that is not taken', () => {
  test.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'nonsense',
    '',
    'application/jsonx',
    'text/json',
    'multipart/mixed; boundary=b',
  ])('"%s" is answered 415', async (type) => {
    const { status, body } = await ask(served, 'POST /v1/executions', { body: '{"code":""}', headers: { 'content-type': type } });
    expect([status, problemSchema.parse(JSON.parse(body)).code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
  });

  test.each(['POST /v1/executions', 'POST /v1/sandboxes'])('bytes are no request: %s', async (line) => {
    expect(await ask(served, line, { body: '{"code":""}', headers: { 'content-type': 'application/octet-stream' } })).toMatchObject({
      status: 415,
    });
  });

  test('parts are for programs in sandboxes of their own only', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    expect(await ask(served, 'POST /v1/sandboxes', { body: '--b--\r\n', headers })).toMatchObject({ status: 415 });
  });

  test('parameters of a type do not matter', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect(await ask(served, 'POST /v1/executions', { body: '{"code":""}', headers })).toMatchObject({ status: 200 });
  });
});

const nested = (depth: number, open: string, close: string): string => `${open.repeat(depth)}0${close.repeat(depth)}`;

describe('JSON that is wrong', () => {
  test.each([
    ['nothing', ''],
    ['half of it', '{"code":"'],
    ['two of it', '{"code":""}{"code":""}'],
    ['NaN', '{"code":"","limits":{"timeoutMs":NaN}}'],
    ['Infinity', '{"code":"","limits":{"timeoutMs":1e999}}'],
    ['a negative zero with a fraction', '{"code":"","limits":{"timeoutMs":-0.5}}'],
    ['a number beyond every limit', '{"code":"","limits":{"timeoutMs":123456789012345678901234567890}}'],
    ['Infinity within arguments', '{"code":"","arguments":{"a":1e999}}'],
    ['a text', '"code"'],
    ['an array', '[{"code":""}]'],
    ['null', 'null'],
    ['__proto__', '{"code":"","__proto__":{"isAdmin":true}}'],
    ['__proto__ spelled otherwise', '{"code":"","environment":{"\\u005f_proto__":"a"}}'],
    ['__proto__ as a file', '{"code":"","files":{"__proto__":{"text":""}}}'],
    ['a lone surrogate as code', '{"code":"\\ud800"}'],
    ['a file outside', '{"code":"","files":{"../a":{"text":""}}}'],
    ['a file with a NUL', '{"code":"","files":{"a\\u0000":{"text":""}}}'],
    ['a file with two contents', '{"code":"","files":{"a":{"text":"","base64":""}}}'],
    ['base64 that is none', '{"code":"","files":{"a":{"base64":"*"}}}'],
    ['a variable with a NUL', '{"code":"","environment":{"A":"a\\u0000b"}}'],
    ['a hundred thousand arrays', `{"code":"","arguments":{"a":${nested(100_000, '[', ']')}}}`],
    ['a hundred thousand objects', `{"code":"","arguments":${nested(100_000, '{"a":', '}')}}`],
    ['a hundred thousand arrays in the place of text', `{"code":${nested(100_000, '[', ']')}}`],
    ['a hundred thousand arrays that do not end', '['.repeat(100_000)],
    [
      'more names than anybody goes through',
      `{"code":"","environment":{${Array.from({ length: 150_000 }, (_, index) => `"k${index}":""`).join(',')}}}`,
    ],
    ['bytes that are no UTF-8 in a name', '{"code":"","\xff":1}'],
  ])('%s is answered 400', async (_name, body) => {
    const answer = await ask(served, 'POST /v1/executions', { body });
    const { code, detail } = problemSchema.parse(JSON.parse(answer.body));
    expect([answer.status, code]).toEqual([400, 'REQUEST_INVALID']);
    expect(detail.length).toBeLessThan(1000);
  });

  test('the last of two keys of one name holds, as JSON.parse has it', async () => {
    await ask(served, 'POST /v1/executions', { body: '{"code":"1","code":"2"}' });
    expect(served.provider.requests.at(-1)).toMatchObject({ code: '2' });
  });

  test('bytes in base64 that are as many as may come are taken', async () => {
    const base64 = Buffer.alloc(2.5 * 1024 * 1024, 255).toString('base64');
    expect(await ask(served, 'POST /v1/executions', { body: JSON.stringify({ code: '', files: { a: { base64 } } }) })).toMatchObject({
      status: 200,
    });
  });
});

describe('parts that are wrong', () => {
  const part = (name: string, content: string, more = ''): string =>
    `--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`;
  const file = (name: string, content: string): string => part(name, content, '; filename="f"');
  const send = (body: string, type = 'multipart/form-data; boundary=b') =>
    ask(served, 'POST /v1/executions', { body, headers: { 'content-type': type } });
  const good = part('request', '{"code":""}');

  test.each([
    ['no boundary', `${good}--b--\r\n`, 'multipart/form-data'],
    ['a boundary that never comes', `${good}--b--\r\n`, 'multipart/form-data; boundary=c'],
    ['no end', good],
    ['no request', `${file('a', '')}--b--\r\n`],
    ['a request that is no JSON', `${part('request', '{')}--b--\r\n`],
    ['two requests', `${good}${part('request', '{"code":"2"}')}--b--\r\n`],
    ['two standard inputs', `${good}${file('stdin', '1')}${file('stdin', '2')}--b--\r\n`],
    ['a file twice', `${good}${file('a', '1')}${file('a', '2')}--b--\r\n`],
    ['a file outside', `${good}${file('../a', '1')}--b--\r\n`],
    ['a file called __proto__', `${good}${file('__proto__', '1')}--b--\r\n`],
    ['a variable called __proto__', `${part('request', '{"code":"","environment":{"__proto__":"a"}}')}--b--\r\n`],
    ['arguments that are nested too deeply', `${part('request', `{"code":"","arguments":{"a":${nested(100_000, '[', ']')}}}`)}--b--\r\n`],
    ['more files than may be', `${good}${Array.from({ length: 200 }, (_, index) => file(`f${index}`, '')).join('')}--b--\r\n`],
    ['headers without end', `--b\r\n${'a: b\r\n'.repeat(100_000)}`],
  ])('%s is answered 4xx, and nothing runs', async (_name, body, type?: string) => {
    const before = served.provider.requests.length;
    const answer = await send(body, type);
    expect(problemSchema.parse(JSON.parse(answer.body)).status).toBe(answer.status);
    expect([400, 413, 415]).toContain(answer.status);
    expect(served.provider.requests).toHaveLength(before);
  });

  test.each([
    ['a file', file],
    ['a field', part],
  ])('a long path of %s is the path that was sent', async (_name, partOf) => {
    const path = `${'folder/'.repeat(40)}file`;
    expect(await send(`${good}${partOf(path, '1')}--b--\r\n`)).toMatchObject({ status: 200 });
    expect([...(served.provider.requests.at(-1)?.files.keys() ?? [])]).toEqual([path]);
  });
});
