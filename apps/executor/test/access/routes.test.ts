import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '@sandport/executor-api';
import { SCOPES, type Scope } from '../../src/index.ts';
import type { ApiDocument } from '../fuzz/described-api.ts';
import { ask, startInstantExecutor, type InstantExecutor } from '../instant-executor.ts';

const READERS: readonly Scope[] = ['execute', 'sandboxes', 'read'];

/** What each route is for. A route that is missing here fails the first test. */
const ROUTES: Readonly<Record<string, readonly Scope[] | 'open'>> = {
  'GET /': 'open',
  'GET /healthz': 'open',
  'GET /readyz': READERS,
  'GET /metrics': ['metrics'],
  'GET /openapi.json': READERS,
  'GET /v1/capabilities': READERS,
  'POST /run': ['ragflow'],
  'POST /v1/executions': ['execute'],
  'DELETE /v1/executions/:execution': ['execute', 'sandboxes'],
  'POST /v1/executions/:execution/taken': ['execute', 'sandboxes'],
  'PUT /v1/executions/:execution/input': ['execute', 'sandboxes'],
  'POST /v1/sandboxes': ['sandboxes'],
  'GET /v1/sandboxes/:sandbox': ['sandboxes'],
  'DELETE /v1/sandboxes/:sandbox': ['sandboxes'],
  'POST /v1/sandboxes/:sandbox/connection': ['sandboxes'],
  'PUT /v1/sandboxes/:sandbox/lifetime': ['sandboxes'],
  'POST /v1/sandboxes/:sandbox/executions': ['sandboxes'],
  'GET /v1/sandboxes/:sandbox/file': ['sandboxes'],
  'PUT /v1/sandboxes/:sandbox/file': ['sandboxes'],
  'POST /v1/sandboxes/:sandbox/contexts': ['sandboxes'],
  'DELETE /v1/sandboxes/:sandbox/contexts/:context': ['sandboxes'],
  'POST /v1/sandboxes/:sandbox/contexts/:context/executions': ['sandboxes'],
  'POST /v1/sandboxes/:sandbox/contexts/:context/interrupt': ['sandboxes'],
};

const scopes = Object.keys(SCOPES) as Scope[];

let served: InstantExecutor;
beforeAll(async () => {
  served = await startInstantExecutor({
    tokens: [
      ...scopes.map((scope) => ({ id: scope, text: `token-for-${scope}`, scopes: [scope] })),
      { id: 'expired', text: 'token-that-expired', expiresAt: '2020-01-01T00:00:00Z' },
    ],
  });
});
afterAll(() => served[Symbol.asyncDispose]());

/** Every route as it is served, whatever the description of the API hides. */
const lines = (): string[] => served.executor.routes.map(({ method, path }) => `${method} ${path}`);
const filled = (line: string): string => line.replace(/:\w+/g, 'nonsense');
const guarded = (): string[] => lines().filter((line) => ROUTES[line.replace(/^HEAD/, 'GET')] !== 'open');
const codeOf = (body: string): string => problemSchema.parse(JSON.parse(body)).code;

test('every route is in the table of this test', () => {
  const known = lines().filter((line) => !line.startsWith('HEAD '));
  expect(known.toSorted()).toEqual(Object.keys(ROUTES).toSorted());
});

test('what reads nothing but its header is there for each route that is read', () => {
  const heads = lines().filter((line) => line.startsWith('HEAD '));
  expect(heads.map((line) => line.replace('HEAD', 'GET')).every((line) => line in ROUTES)).toBe(true);
});

test('the description of the API names the scopes of each route', async () => {
  const { paths } = JSON.parse((await ask(served, 'GET /openapi.json')).body) as ApiDocument;
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => {
      const scopesNamed = security.flatMap((way) => Object.values(way).flat());
      return [`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, scopesNamed.toSorted()] as const;
    }),
  );
  expect(described.length).toBeGreaterThan(10);
  expect(described).toEqual(described.map(([line]) => [line, [ROUTES[line] ?? []].flat().toSorted()]));
});

describe('without a token that is good', () => {
  test.each([
    ['none', {}],
    ['an empty one', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic ZXZlcnl0aGluZzplcnl0aGluZw==' }],
    ['one that is unknown', { authorization: 'Bearer spx_unknown' }],
    ['one that expired', { authorization: 'Bearer token-that-expired' }],
    ['two of them', { authorization: 'Bearer token-for-read token-for-execute' }],
    ['one with a control character', { authorization: 'Bearer token-for-read\u0001' }],
    ['one that is too long', { authorization: `Bearer ${'a'.repeat(5000)}` }],
    ['its hash', { authorization: `Bearer ${'0'.repeat(64)}` }],
    ['one within the address', { 'x-token': 'token-for-read' }],
  ])('no route answers: %s', async (_name, headers) => {
    const answers = await Promise.all(
      guarded().map(async (line) => {
        const { status, head, body } = await ask(served, filled(line), { token: null, headers });
        const hasChallenge = status !== 401 || head.includes('www-authenticate: bearer');
        const isProblem = status === 400 || line.startsWith('HEAD') || codeOf(body) === 'UNAUTHENTICATED';
        return { line, status, hasChallenge, isProblem };
      }),
    );
    // A header that is none is refused before there is a call.
    const status = JSON.stringify(headers).includes('u0001') ? 400 : 401;
    expect(answers).toEqual(guarded().map((line) => ({ line, status, hasChallenge: true, isProblem: true })));
    expect(served.provider.calls).toEqual([]);
  });

  test('the routes of liveness answer, and tell nothing', async () => {
    for (const line of ['GET /', 'GET /healthz']) {
      expect(await ask(served, line, { token: null })).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    }
  });
});

describe('with a token for one thing', () => {
  test.each(scopes)('%s: other routes are refused, its own are not', async (scope) => {
    const answers = await Promise.all(
      guarded().map(async (line) => {
        const { status } = await ask(served, filled(line), { token: `token-for-${scope}` });
        return [line, status === 403];
      }),
    );
    const expected = guarded().map((line) => [line, !(ROUTES[line.replace(/^HEAD/, 'GET')] ?? []).includes(scope)]);
    expect(answers).toEqual(expected);
  });
});

describe('what an operator opened', () => {
  test.each([
    ['ready', 'GET /readyz'],
    ['metrics', 'GET /metrics'],
  ])('%s needs no token, and nothing else is open', async (name, line) => {
    await using opened = await startInstantExecutor({ config: { open: { [name]: true } } });
    expect((await ask(opened, line, { token: null })).status).not.toBe(401);
    for (const other of ['GET /readyz', 'GET /metrics', 'GET /v1/capabilities'].filter((route) => route !== line))
      expect(await ask(opened, other, { token: null })).toMatchObject({ status: 401 });
  });
});

test('it listens on this machine only unless told otherwise', () => {
  expect(new URL(served.address).hostname).toBe('127.0.0.1');
});
