import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { problemSchema } from '@sandport/executor-api';
import { ask, expectUnharmed, requestText, startInstantExecutor, type InstantExecutor, type RawRequest } from '../instant-executor.ts';
import { RawConnection } from '../raw-connection.ts';

let served: InstantExecutor;
let own: string;
beforeAll(async () => {
  served = await startInstantExecutor({
    tokens: [
      { id: 'a', text: 'token-of-a', tenant: 'a' },
      { id: 'b', text: 'token-of-b', tenant: 'b' },
      { id: 'umlaut', text: 'token-of-umlaut', tenant: 'ü' },
    ],
  });
  own = await makeSandbox({ token: 'token-of-a' });
});
afterAll(async () => {
  await ask(served, `DELETE /v1/sandboxes/${own}`, { token: 'token-of-a' });
  await expectUnharmed(served);
  await served[Symbol.asyncDispose]();
});

async function makeSandbox(request: RawRequest): Promise<string> {
  const { status, body } = await ask(served, 'POST /v1/sandboxes', { body: '{"reconnectable":true}', ...request });
  expect(status).toBe(201);
  return (JSON.parse(body) as { readonly id: string }).id;
}

/** Every call that is about a sandbox. */
const CALLS: readonly (readonly [string, RawRequest])[] = [
  ['GET /v1/sandboxes/{id}', {}],
  ['DELETE /v1/sandboxes/{id}', {}],
  ['POST /v1/sandboxes/{id}/connection', {}],
  ['PUT /v1/sandboxes/{id}/lifetime', { body: '{"lifetimeMs":1000}' }],
  ['POST /v1/sandboxes/{id}/executions', { body: '{"code":""}' }],
  ['GET /v1/sandboxes/{id}/file?path=a', {}],
  ['PUT /v1/sandboxes/{id}/file?path=a', { body: 'a', headers: { 'content-type': 'application/octet-stream' } }],
  ['POST /v1/sandboxes/{id}/contexts', {}],
  ['DELETE /v1/sandboxes/{id}/contexts/context-1', {}],
  ['POST /v1/sandboxes/{id}/contexts/context-1/executions', { body: '{"code":""}' }],
  ['POST /v1/sandboxes/{id}/contexts/context-1/interrupt', {}],
];

async function codeOf(line: string, request: RawRequest): Promise<unknown> {
  const { status, body } = await ask(served, line, request);
  return [status, status < 300 ? 'done' : problemSchema.parse(JSON.parse(body))];
}

describe("another tenant's sandbox", () => {
  test('is what nonsense is, to every call', async () => {
    const calls = served.provider.calls.length;
    for (const [line, request] of CALLS) {
      const [others, nonsense] = await Promise.all(
        [own, 'executor.bm9uc2Vuc2U.nonsense'].map((id) => codeOf(line.replace('{id}', id), { ...request, token: 'token-of-b' })),
      );
      expect(others).toEqual([404, expect.objectContaining({ code: 'SANDBOX_NOT_FOUND' })]);
      expect(others).toEqual(nonsense);
    }
    // Nothing of it came to the provider.
    expect(served.provider.calls).toHaveLength(calls);
    expect(await ask(served, `GET /v1/sandboxes/${own}`, { token: 'token-of-a' })).toMatchObject({ status: 200 });
  });

  test('is what it is to a token for every tenant that names its own', async () => {
    expect(await ask(served, `GET /v1/sandboxes/${own}`)).toMatchObject({ status: 404 });
    expect(await ask(served, `GET /v1/sandboxes/${own}`, { headers: { 'sandport-tenant': 'b' } })).toMatchObject({ status: 404 });
    expect(await ask(served, `GET /v1/sandboxes/${own}`, { headers: { 'sandport-tenant': 'a' } })).toMatchObject({ status: 200 });
  });
});

describe('an id that was tampered with', () => {
  const tampered = (): string[] => {
    const [name = '', inner = '', seal = ''] = own.split('.');
    const other = (text: string): string => (text.startsWith('A') ? `B${text.slice(1)}` : `A${text.slice(1)}`);
    const upper = (text: string): string => text.toUpperCase();
    return [
      [`${name}x`, inner, seal],
      [upper(name), inner, seal],
      ['', inner, seal],
      [name, other(inner), seal],
      [name, `${inner}A`, seal],
      [name, `${inner}=`, seal],
      [name, `${inner}%0A`, seal],
      [name, `%20${inner}`, seal],
      [name, '', seal],
      [name, inner, other(seal)],
      [name, inner, seal.slice(0, -1)],
      [name, inner, `${seal}A`],
      [name, inner, upper(seal)],
      [name, inner, ''],
      [name, inner],
      [name, inner, seal, ''],
      [name, inner, seal, 'more'],
      [name, seal, inner],
    ].map((parts) => parts.join('.'));
  };

  test('is none, to every call, and nothing reaches the provider', async () => {
    const calls = served.provider.calls.length;
    for (const id of tampered()) {
      for (const [line, request] of CALLS) {
        expect(await codeOf(line.replace('{id}', id), { ...request, token: 'token-of-a' }), `${line} ${id}`).toEqual([
          404,
          expect.objectContaining({ code: 'SANDBOX_NOT_FOUND' }),
        ]);
      }
    }
    expect(served.provider.calls).toHaveLength(calls);
  });
});

describe("another's call", () => {
  test('cannot be withdrawn or be given input: it is what nonsense is', async () => {
    using connection = await RawConnection.open(served.address);
    const request = { body: '{"code":"wait"}', headers: { accept: 'application/x-ndjson' }, token: 'token-of-a' };
    const begun = await connection.send(requestText(served, 'POST /v1/executions', request)).until(/"accepted","id":"[^"]+"/);
    const id = /"id":"([^"]+)"/.exec(begun)?.[1] ?? '';
    for (const line of ['DELETE /v1/executions/{id}', 'PUT /v1/executions/{id}/input']) {
      const body = line.startsWith('PUT') ? { body: 'a', headers: { 'content-type': 'application/octet-stream' } } : {};
      const [others, nonsense] = await Promise.all(
        [id, 'executor.nonsense'].map((name) => codeOf(line.replace('{id}', name), { ...body, token: 'token-of-b' })),
      );
      expect(others).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })]);
      expect(others).toEqual(nonsense);
    }
    expect(connection.received).not.toContain('"result"');
    expect(await ask(served, `DELETE /v1/executions/${id}`, { token: 'token-of-a' })).toMatchObject({ status: 204 });
    expect(await connection.untilEnd()).toContain('"cancelled"');
  });
});

describe('the tenant that a call names', () => {
  test.each(['b', 'A', 'a,a', '*', '', 'default', '%61%', '%ff', 'x'.repeat(200)])('"%s" is not for a token of "a"', async (tenant) => {
    const { status, body } = await ask(served, 'GET /v1/capabilities', { token: 'token-of-a', headers: { 'sandport-tenant': tenant } });
    expect([status, problemSchema.parse(JSON.parse(body)).code]).toEqual([403, 'FORBIDDEN']);
  });

  test.each([
    ['token-of-a', 'a'],
    ['token-of-a', '%61'],
    ['token-of-umlaut', '%C3%BC'],
  ])('%s may name its own: %s', async (token, tenant) => {
    expect(await ask(served, 'GET /v1/capabilities', { token, headers: { 'sandport-tenant': tenant } })).toMatchObject({ status: 200 });
  });

  test('is whose the program is run for', async () => {
    await ask(served, 'POST /v1/executions', { body: '{"code":""}', headers: { 'sandport-tenant': '%C3%BCber' } });
    await ask(served, 'POST /v1/executions', { body: '{"code":""}' });
    await ask(served, 'POST /v1/executions', { body: '{"code":""}', token: 'token-of-b' });
    expect(served.provider.requests.slice(-3).map(({ tenant }) => tenant)).toEqual(['über', 'default', 'b']);
  });

  test('cannot be named within the body', async () => {
    expect(await ask(served, 'POST /v1/executions', { body: '{"code":"","tenant":"b"}' })).toMatchObject({ status: 400 });
    expect(await ask(served, 'POST /v1/sandboxes', { body: '{"tenant":"b"}' })).toMatchObject({ status: 400 });
  });
});

test('whoever goes away while he takes a sandbox over does not end it', async () => {
  const id = await makeSandbox({ token: 'token-of-a' });
  let connect: () => void = () => undefined;
  served.provider.mayConnect = new Promise((resolve) => {
    connect = resolve;
  });
  using connection = await RawConnection.open(served.address);
  connection.send(requestText(served, `POST /v1/sandboxes/${id}/connection`, { token: 'token-of-a' }));
  await vi.waitFor(() => expect(served.provider.calls.at(-1)).toBe('connectSandbox'));
  connection.socket.resetAndDestroy();
  await vi.waitFor(() => expect(served.sockets.filter(({ destroyed }) => !destroyed)).toEqual([]));
  connect();
  expect(await ask(served, `GET /v1/sandboxes/${id}`, { token: 'token-of-a' })).toMatchObject({ status: 200 });
  expect(await ask(served, `DELETE /v1/sandboxes/${id}`, { token: 'token-of-a' })).toMatchObject({ status: 204 });
});
