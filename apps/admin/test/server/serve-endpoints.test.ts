import { once } from 'node:events';
import { ENDPOINTS, pathOf, ROUTES, type RouteAccess, type RouteName } from '@sandport/admin-api';
import { SandboxError } from '@sandport/core';
import type { App } from '@sandport/http-service';
import { expect, test } from 'vitest';
import type { ServedHandlers } from '../../src/server/served-handlers.ts';
import { serveHandlers } from './served-app.ts';
import { standInHandlers, type SeenCall } from './stand-in-handlers.ts';

const asAdmin = { authorization: 'Bearer admin' };
const asAdminWithJson = { ...asAdmin, 'content-type': 'application/json' };

test('a route without a handler fails at the start', async () => {
  const { readUsage: _, ...others } = standInHandlers();
  await expect(serveHandlers(others as ServedHandlers)).rejects.toThrow('no handler for the route "readUsage"');
});

test('a route without a rule of access cannot be added', async () => {
  const addPage = (app: App): void => void app.get('/open', async () => 'open');
  await expect(serveHandlers(standInHandlers(), { addPage })).rejects.toThrow('There is no rule who may call GET /open.');
});

test('what cannot be found and what is called with another method is a problem', async () => {
  const { address } = await serveHandlers(standInHandlers());
  const nowhere = await fetch(`${address}/api/v1/admin/nowhere`);
  expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  const other = await fetch(`${address}${ROUTES.listVersions.path}`, { method: 'PUT' });
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('path, query and body reach the handler checked, with the caller and a signal', async () => {
  const seen: SeenCall[] = [];
  const { address } = await serveHandlers(standInHandlers(seen));
  const body = JSON.stringify({ expectedActive: 3, reason: 'because' });
  const path = pathOf('activateVersion', { version: 7 });
  const answer = await fetch(`${address}${path}`, { method: 'POST', headers: asAdminWithJson, body });
  expect([answer.status, await answer.json()]).toEqual([200, { stoodInFor: 'activateVersion' }]);
  expect(seen[0]).toMatchObject({
    name: 'activateVersion',
    call: { params: { version: 7 }, body: { expectedActive: 3 }, caller: { name: 'token', role: 'admin' } },
  });
  expect(seen[0]?.call.signal.aborted).toBe(false);
});

test('every wrong field is named, so that a form can show it in its place', async () => {
  const { address } = await serveHandlers(standInHandlers());
  const body = JSON.stringify({ name: '', role: 'king', lifetimeDays: 0.5 });
  const answer = await fetch(`${address}${ROUTES.createToken.path}`, { method: 'POST', headers: asAdminWithJson, body });
  const { details } = (await answer.json()) as { details: { field: string; fields: { field: string; message: string }[] } };
  expect(answer.status).toBe(400);
  expect(details.field).toBe('name');
  expect(details.fields.map(({ field }) => field)).toEqual(['name', 'role', 'lifetimeDays']);
  expect(details.fields.every(({ message }) => message.length > 0)).toBe(true);
});

test.each([
  ['a version that is none', `GET ${pathOf('readVersion', { version: 'seven' })}`, 'version'],
  ['a query that is none', `GET ${ROUTES.listPassports.path}?provider=`, 'provider'],
  ['an unknown part of a query', `GET ${ROUTES.listAccounts.path}?all=1`, 'all'],
])('%s is refused with its name', async (_what, target, field) => {
  const { address } = await serveHandlers(standInHandlers());
  const [method = '', path = ''] = target.split(' ');
  const answer = await fetch(`${address}${path}`, { method, headers: asAdmin });
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'REQUEST_INVALID', details: { field } }]);
});

test("the predecessor's routes are refused in its envelope, with the status that fits", async () => {
  const handlers = standInHandlers([], {
    writeConfig: async () => {
      throw new SandboxError('CONFIG_INVALID', 'image: is missing.', { suggestion: 'Give it.' });
    },
  });
  const { address } = await serveHandlers(handlers);
  const path = `${address}${ROUTES.writeConfig.path}`;
  const denied = await fetch(path, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
  expect([denied.status, await denied.json()]).toEqual([
    401,
    { code: 401, message: expect.stringContaining('sign in') as string, data: null },
  ]);
  const malformed = await fetch(path, { method: 'POST', body: '{}', headers: asAdminWithJson });
  expect([malformed.status, await malformed.json()]).toMatchObject([400, { code: 400, data: null }]);
  const refused = await fetch(path, { method: 'POST', body: JSON.stringify({ provider_type: 'docker' }), headers: asAdminWithJson });
  expect([refused.status, await refused.json()]).toEqual([422, { code: 422, message: 'image: is missing.', data: null }]);
});

test('routes answer with the status of the contract', async () => {
  const { address } = await serveHandlers(standInHandlers());
  const created = await fetch(`${address}${ROUTES.createToken.path}`, {
    method: 'POST',
    headers: asAdminWithJson,
    body: JSON.stringify({ name: 'script', role: 'viewer', lifetimeDays: null }),
  });
  expect(created.status).toBe(201);
  const removed = await fetch(`${address}${pathOf('removeAccount', { account: 'x' })}`, { method: 'DELETE', headers: asAdmin });
  expect([removed.status, await removed.text()]).toEqual([204, '']);
});

test('every route is described as OpenAPI 3.1, with what goes in', async () => {
  const { address } = await serveHandlers(standInHandlers());
  const answer = await fetch(`${address}${ROUTES.describeApi.path}`, { headers: asAdmin });
  const { openapi, paths } = (await answer.json()) as {
    openapi: string;
    paths: Record<string, Record<string, DescribedOperation>>;
  };
  expect(openapi).toBe('3.1.0');
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const { path, method } = ROUTES[name];
    const operation = paths[path]?.[method.toLowerCase()];
    expect(operation, name).toMatchObject({ operationId: name });
    expect(operation?.requestBody === undefined, name).toBe(!('body' in ENDPOINTS[name]));
    expect(operation?.security, name).toEqual(waysIn(ROUTES[name].access));
    expect(operation?.tags, name).toHaveLength(1);
  }
});

interface DescribedOperation {
  readonly operationId?: string;
  readonly requestBody?: unknown;
  readonly security?: unknown;
  readonly tags?: readonly string[];
}

/** What a description says of who may call: nothing for everybody, else a token or a session, of whatever role or of one. */
function waysIn(access: RouteAccess): readonly Record<string, readonly string[]>[] {
  if (access === 'everybody') return [];
  const roles = access === 'signed-in' ? [] : [access];
  return [{ token: roles }, { session: roles }];
}

const TRIAL = { path: ROUTES.tryConfiguration.path, body: JSON.stringify({ providerId: 'wasm' }) };

test('events come one a line, and what fails after the first is the last of them', async () => {
  const handlers = standInHandlers([], {
    tryConfiguration: async (_call, emit) => {
      await emit({ type: 'alive' });
      throw new SandboxError('CAPACITY_EXHAUSTED', 'Too many trials.');
    },
  });
  const { address } = await serveHandlers(handlers);
  const answer = await fetch(`${address}${TRIAL.path}`, { method: 'POST', headers: asAdminWithJson, body: TRIAL.body });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const lines = (await answer.text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { type: 'alive' },
    { type: 'error', error: { code: 'CAPACITY_EXHAUSTED', retryAfterMs: 1000 } },
  ]);
});

test('what fails before the first event is a problem with its status', async () => {
  const handlers = standInHandlers([], {
    tryConfiguration: async () => {
      throw new SandboxError('CAPACITY_EXHAUSTED', 'Too many trials.');
    },
  });
  const { address } = await serveHandlers(handlers);
  const answer = await fetch(`${address}${TRIAL.path}`, { method: 'POST', headers: asAdminWithJson, body: TRIAL.body });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
});

test('a caller who goes away withdraws the call', async () => {
  let withdrawn = false;
  const handlers = standInHandlers([], {
    tryConfiguration: async ({ signal }, emit) => {
      await emit({ type: 'alive' });
      await once(signal, 'abort');
      withdrawn = true;
    },
  });
  const { address } = await serveHandlers(handlers);
  const leave = new AbortController();
  const answer = await fetch(`${address}${TRIAL.path}`, {
    method: 'POST',
    headers: asAdminWithJson,
    body: TRIAL.body,
    signal: leave.signal,
  });
  expect([answer.status, withdrawn]).toEqual([200, false]);
  leave.abort();
  await expect.poll(() => withdrawn).toBe(true);
});

test('a fault says nothing of itself', async () => {
  const handlers = standInHandlers([], {
    readInstallation: async () => {
      throw new Error('planted in /etc/secret');
    },
  });
  const { address } = await serveHandlers(handlers);
  const answer = await fetch(`${address}${ROUTES.readInstallation.path}`, { headers: asAdmin });
  const text = await answer.text();
  expect(answer.status).toBe(500);
  expect(text).not.toContain('planted');
});
