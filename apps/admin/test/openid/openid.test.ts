import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AdminUnderTest } from '../admin-under-test.ts';
import { LedBrowser } from './led-browser.ts';
import { CLIENT_SECRET, PlayedProvider } from './played-provider.ts';

const START = '/api/v1/admin/openid/start';
const CALLBACK = '/api/v1/admin/openid/callback';
const IN = '/admin/sandbox-settings';

interface Installation {
  readonly served: AdminUnderTest;
  readonly provider: PlayedProvider;
  readonly logLines: string[];
}

async function install(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-openid-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const clientSecretFile = join(folder, 'client-secret');
  await writeFile(clientSecretFile, `${CLIENT_SECRET}\n`);
  const provider = await PlayedProvider.start();
  onTestFinished(async () => provider[Symbol.asyncDispose]());
  const logLines: string[] = [];
  const openId = {
    issuer: provider.issuer,
    clientId: 'sandport',
    clientSecretFile,
    name: 'The house',
    scope: 'openid profile groups',
    roles: { admin: ['chiefs'], operator: ['crew'], viewer: ['guests'] },
  };
  const served = await AdminUnderTest.start({ config: { openId }, logLines });
  onTestFinished(async () => served[Symbol.asyncDispose]());
  provider.serve(`${served.admin.address}${CALLBACK}`);
  return { served, provider, logLines };
}

/** Where a whole sign-in leads in the end. */
async function signIn({ served }: Installation, browser: LedBrowser, change: (url: string) => string = (url) => url): Promise<string> {
  const asked = await browser.step(`${served.admin.address}${START}`);
  const end = await browser.goUntil(change(asked ?? ''), (url) => url.startsWith(`${served.admin.address}/admin`));
  return end.slice(served.admin.address.length);
}

/** The address at which the provider would hand the code over. */
async function untilCallback({ served }: Installation, browser: LedBrowser): Promise<string> {
  return browser.goUntil(`${served.admin.address}${START}`, (url) => url.startsWith(`${served.admin.address}${CALLBACK}`));
}

async function sessionOf({ served }: Installation, browser: LedBrowser): Promise<unknown> {
  const { body } = await served.call('readSession', { headers: { cookie: browser.cookiesFor(served.admin.address) } });
  return (JSON.parse(body) as { account: unknown }).account;
}

function withParameter(name: string, value: string): (url: string) => string {
  return (url) => {
    const changed = new URL(url);
    changed.searchParams.set(name, value);
    return changed.href;
  };
}

test('whoever the provider knows and the configuration lets in is in, with the role of now', async () => {
  const house = await install();
  const { served, provider } = house;
  expect(JSON.parse((await served.call('readSession')).body)).toMatchObject({ openIdName: 'The house' });
  const browser = new LedBrowser();
  provider.person = { sub: 'person-1', groups: ['others', 'crew'], username: 'someone' };
  expect(await signIn(house, browser)).toBe(IN);
  expect(await sessionOf(house, browser)).toMatchObject({ name: 'someone', role: 'operator', signsInBy: 'openid' });
  provider.person = { ...provider.person, groups: ['guests', 'chiefs'], username: 'renamed' };
  const elsewhere = new LedBrowser();
  expect(await signIn(house, elsewhere)).toBe(IN);
  expect(await sessionOf(house, elsewhere)).toMatchObject({ name: 'someone', role: 'admin' });
  expect(await served.settings.people.listAccounts()).toHaveLength(1);
  const acts = await served.settings.configurations.audit({ limit: 10 });
  expect(acts.map(({ actor, action }) => `${actor}: ${action}`)).toEqual([
    'someone: sign-in',
    'someone: sign-in',
    'OpenID Connect: create-account',
  ]);
});

test('whoever has no role is refused, and leaves nothing', async () => {
  const house = await install();
  const browser = new LedBrowser();
  house.provider.person = { sub: 'person-1', groups: ['strangers'], username: 'stranger' };
  expect(await signIn(house, browser)).toBe(`${IN}?sign-in=refused`);
  expect(browser.cookiesFor(house.served.admin.address)).toBe('');
  expect(await house.served.settings.people.listAccounts()).toEqual([]);
});

test('an account with a password is not taken over by a name', async () => {
  const house = await install();
  const { served, provider } = house;
  await served.enterAsFirst('root');
  provider.person = { sub: 'person-1', groups: ['guests'], username: 'ROOT' };
  const browser = new LedBrowser();
  expect(await signIn(house, browser)).toBe(IN);
  expect(await sessionOf(house, browser)).toMatchObject({ name: 'ROOT (OpenID Connect)', role: 'viewer' });
});

test('whoever is disabled here stays out, whatever the provider says', async () => {
  const house = await install();
  const { served, provider } = house;
  const { headers } = await served.enterAsFirst();
  provider.person = { sub: 'person-1', groups: ['chiefs'], username: 'someone' };
  const browser = new LedBrowser();
  await signIn(house, browser);
  const account = (await served.settings.people.findAccountByName('someone'))?.id ?? '';
  expect((await served.call('changeAccount', { parameters: { account }, body: { isDisabled: true }, headers })).status).toBe(200);
  expect(await sessionOf(house, browser)).toBeNull();
  expect(await signIn(house, new LedBrowser())).toBe(`${IN}?sign-in=refused`);
});

test('a callback that is changed, brought by another browser, brought late, or brought twice is refused', async () => {
  const house = await install();
  const { served, provider } = house;
  const { origin } = new URL(served.admin.address);
  provider.person = { sub: 'person-1', groups: ['chiefs'], username: 'someone' };
  const refused = `${served.admin.address}${IN}?sign-in=refused`;

  const changed = new LedBrowser();
  expect(await changed.step(withParameter('state', 'x'.repeat(43))(await untilCallback(house, changed)))).toBe(refused);

  const browser = new LedBrowser();
  expect(await new LedBrowser().step(await untilCallback(house, browser))).toBe(refused);
  const other = new LedBrowser();
  await other.step(`${served.admin.address}${START}`);
  expect(await other.step(await untilCallback(house, browser))).toBe(refused);

  const forger = new LedBrowser();
  const forged = await untilCallback(house, forger);
  const [name = '', value = ''] = forger.cookiesFor(origin).split('=');
  forger.setCookie(origin, name, `${value.slice(0, -2)}${value.endsWith('AA') ? 'BA' : 'AA'}`);
  expect(await forger.step(forged)).toBe(refused);

  const late = new LedBrowser();
  const lateCallback = await untilCallback(house, late);
  served.clock.nowMs += 10 * 60_000;
  expect(await late.step(lateCallback)).toBe(refused);

  const twice = new LedBrowser();
  const callback = await untilCallback(house, twice);
  const cookie = twice.cookiesFor(origin);
  expect(await twice.step(callback)).toBe(`${served.admin.address}${IN}`);
  const thief = new LedBrowser();
  thief.setCookie(origin, cookie.split('=')[0] ?? '', cookie.split('=')[1] ?? '');
  expect(await thief.step(callback)).toBe(refused);
  expect(await served.settings.people.listAccounts()).toHaveLength(1);
});

test.each([
  ['nonce', 'another-nonce'],
  ['code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
])('a sign-in whose %s was changed on its way is not believed', async (name, value) => {
  const house = await install();
  house.provider.person = { sub: 'person-1', groups: ['chiefs'], username: 'someone' };
  const browser = new LedBrowser();
  expect(await signIn(house, browser, withParameter(name, value))).toBe(`${IN}?sign-in=unavailable`);
  expect(browser.cookiesFor(house.served.admin.address)).toBe('');
  expect(await house.served.settings.people.listAccounts()).toEqual([]);
});

test('nothing of what the provider hands over is in the log', async () => {
  const house = await install();
  const { provider, served, logLines } = house;
  provider.person = { sub: 'person-1', groups: ['chiefs'], username: 'someone' };
  const browser = new LedBrowser();
  const callback = await untilCallback(house, browser);
  await browser.step(callback);
  await signIn(house, new LedBrowser(), withParameter('nonce', 'x'));
  const { searchParams } = new URL(callback);
  expect(logLines.length).toBeGreaterThan(3);
  for (const hidden of [searchParams.get('code'), searchParams.get('state'), CLIENT_SECRET, browser.cookiesFor(served.admin.address)])
    expect(logLines.filter((line) => line.includes(hidden ?? '-'))).toEqual([]);
});

test('a provider that does not answer leads back to the page', async () => {
  const house = await install();
  await house.provider[Symbol.asyncDispose]();
  expect(await new LedBrowser().step(`${house.served.admin.address}${START}`)).toBe(
    `${house.served.admin.address}${IN}?sign-in=unavailable`,
  );
});
