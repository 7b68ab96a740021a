import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CSRF_HEADER, pathOf, ROUTES, type PathParametersOf, type SessionAnswer } from '@sandport/admin-api';
import { generateMasterKey, KeyRing, openSqliteSettings } from '@sandport/settings';
import { pino } from 'pino';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { Admin } from '../../src/admin.ts';
import { adminConfigSchema } from '../../src/config/admin-config.ts';
import { openSandboxRoutes, type SandboxRouteName } from '../../src/index.ts';
import { Journal, scriptedProvider } from './scripted-provider.ts';
import { wasmProvider } from '@sandport/provider-wasm';

let admin: Admin;
let headers: Record<string, string>;
let journal: Journal;
const logged: string[] = [];

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandport-admin-'));
  journal = new Journal();
  const providers = [wasmProvider, scriptedProvider(journal)];
  const keyRing = KeyRing.of([{ key: generateMasterKey() }]);
  const settings = openSqliteSettings({ path: join(folder, 'settings.sqlite'), providers, environment: {}, keyRing });
  // The test itself calls the server.
  const routes = openSandboxRoutes({ settings, providers, connections: { allowedPrivateNetworks: ['127.0.0.1'] } });
  const log = pino({ level: 'trace' }, { write: (line) => logged.push(line) });
  const config = adminConfigSchema.parse({ listen: { port: 0 } });
  const passwordCost = { memoryKibibytes: 8, passes: 1, lanes: 1 };
  admin = await Admin.start({
    config,
    settings,
    handlers: routes.handlers,
    log,
    version: '0',
    pageFolder: join(folder, 'none'),
    passwordCost,
  });
  onTestFinished(async () => {
    await admin.stop(0);
    await routes[Symbol.asyncDispose]();
    await settings.close();
    rmSync(folder, { recursive: true });
  });
  const secret = (await admin.firstAccountLink())?.split('#')[1];
  const answer = await fetch(`${admin.address}${ROUTES.createFirstAccount.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret, name: 'root', password: 'a long enough password' }),
  });
  const { csrfToken } = (await answer.json()) as SessionAnswer;
  headers = { cookie: answer.headers.getSetCookie().at(-1)?.split(';')[0] ?? '', [CSRF_HEADER]: csrfToken ?? '' };
});

interface Sent {
  readonly parameters?: Readonly<Record<string, string | number>>;
  readonly body?: object;
  readonly query?: string;
  readonly signal?: AbortSignal;
}

function send(name: SandboxRouteName, { parameters = {}, body, query = '', signal }: Sent = {}): Promise<Response> {
  return fetch(`${admin.address}${pathOf(name, parameters as PathParametersOf<typeof name>)}${query}`, {
    method: ROUTES[name].method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function json(answer: Promise<Response>): Promise<[number, Record<string, unknown>]> {
  const { status, ...rest } = await answer.then(async (each) => ({ status: each.status, text: await each.text() }));
  return [status, rest.text === '' ? {} : (JSON.parse(rest.text) as Record<string, unknown>)];
}

async function lines(answer: Promise<Response>): Promise<{ type: string }[]> {
  const text = await (await answer).text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
}

test('an operator drafts, foresees, activates, runs and goes back, by the routes', async () => {
  const change = { providerType: 'wasm', providers: { wasm: { config: {} } } };
  expect(await json(send('createDraft', { body: { change, reason: 'first', base: null } }))).toEqual([201, { version: 1, findings: [] }]);
  const [, foreseen] = await json(send('foreseeActivation', { parameters: { version: 1 } }));
  expect(foreseen).toMatchObject({ activeVersion: null, isOutdated: false });
  const [status, activated] = await json(send('activateVersion', { parameters: { version: 1 }, body: { expectedActive: null } }));
  expect([status, activated['version']]).toEqual([200, 1]);
  const body = { code: 'print("<b>here</b>")', language: 'python', configuration: { providerId: 'wasm' } };
  const events = await lines(send('executeProgram', { body }));
  expect(events.map(({ type }) => type)).toEqual(['accepted', 'output', 'result']);
  expect((await json(send('readInstallation')))[1]).toMatchObject({ version: 1, activeSince: { author: 'root' } });
  expect((await json(send('discardDraft', { parameters: { version: 1 }, body: {} })))[0]).toBe(400);
});

test('what is wrong has its status', async () => {
  const draft = (config: object) => ({ change: { providers: { scripted: { config } } }, reason: 'x', base: null });
  const [status, problem] = await json(send('createDraft', { body: draft({ behaviour: 'odd', colour: 1 }) }));
  expect([status, problem['code'], problem['details']]).toEqual([
    422,
    'CONFIG_INVALID',
    expect.objectContaining({
      field: 'behaviour',
      fields: [expect.objectContaining({ field: 'behaviour' }), { field: 'colour', message: 'is not a known field' }],
    }),
  ]);
  expect((await json(send('readVersion', { parameters: { version: 9 } })))[0]).toBe(404);
  expect((await json(send('readVersion', { parameters: { version: 'x' } })))[0]).toBe(400);
  expect((await json(send('describeProvider', { parameters: { provider: 'nobody' } })))[0]).toBe(404);
  expect(await json(send('readProviderSchema', { parameters: { provider: 'nobody' } }))).toEqual([
    404,
    { code: 404, message: 'Unknown provider: nobody', data: null },
  ]);
  const wrong = await json(send('writeConfig', { body: { provider_type: 'wasm', config: { maxChildren: 0 } } }));
  expect([wrong[0], wrong[1]['code'], wrong[1]['data']]).toEqual([400, 400, null]);
  expect((await json(send('createDraft', { body: { ...draft({}), base: 4 } })))[0]).toBe(409);
  const closed = await json(send('testConfig', { body: { provider_type: 'scripted', config: { address: 'http://169.254.169.254' } } }));
  const message =
    'address: This app may not connect to that: 169.254.169.254 is a link-local address, where clouds keep the credentials of their machines.';
  expect(closed).toEqual([403, { code: 403, message, data: null }]);
});

test('who goes away ends his trial, and its provider', async () => {
  const body = { provider_type: 'scripted', config: { behaviour: 'hang', token: 'planted-1' } };
  expect((await json(send('writeConfig', { body })))[0]).toBe(200);
  const controller = new AbortController();
  const answer = await send('tryConfiguration', { body: { providerId: 'scripted' }, signal: controller.signal });
  expect(answer.status).toBe(200);
  await expect.poll(() => journal.count('checkHealth')).toBe(1);
  controller.abort();
  await expect.poll(() => journal.count('close')).toBe(1);
  expect(logged.join()).not.toContain('planted-1');
});
