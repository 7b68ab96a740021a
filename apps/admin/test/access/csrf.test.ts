import { CSRF_HEADER } from '@sandport/admin-api';
import { expect, test } from 'vitest';
import { AdminUnderTest, PASSWORD } from '../admin-under-test.ts';

const CHANGE = { name: 'script', role: 'viewer', lifetimeDays: null };

test('a change with a session needs the token of that very session', async () => {
  await using served = await AdminUnderTest.start();
  const admin = await served.enterAsFirst();
  const other = await served.enterAsInvited(admin, 'other', 'admin');
  const { cookie } = admin;
  const statusWith = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await served.call('createToken', { body: CHANGE, headers: { cookie, ...headers } })).status;
  expect(await statusWith({})).toBe(403);
  expect(await statusWith({ [CSRF_HEADER]: '' })).toBe(403);
  expect(await statusWith({ [CSRF_HEADER]: 'wrong' })).toBe(403);
  expect(await statusWith({ [CSRF_HEADER]: other.session.csrfToken ?? '' })).toBe(403);
  expect(await statusWith({ [CSRF_HEADER]: `${admin.session.csrfToken} ` })).toBe(201);
  expect(await statusWith({ [CSRF_HEADER]: `${admin.session.csrfToken}x` })).toBe(403);
  expect((await served.settings.people.listTokens()).length).toBe(1);
});

test('the token is the same for as long as the session lives, and another one with the next', async () => {
  await using served = await AdminUnderTest.start();
  const admin = await served.enterAsFirst();
  const again = await served.call('readSession', { headers: { cookie: admin.cookie } });
  expect(JSON.parse(again.body)).toMatchObject({ csrfToken: admin.session.csrfToken });
  const next = JSON.parse((await served.signIn('root')).body) as { csrfToken: string };
  expect(next.csrfToken).not.toBe(admin.session.csrfToken);
});

test.each([
  ['the page of another site', { 'sec-fetch-site': 'cross-site' }],
  ['another program of this machine', { 'sec-fetch-site': 'same-site' }],
  ['another origin', { origin: 'https://evil.example' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
  ['a document without an origin', { origin: 'null' }],
])('a change that %s asks for is refused, with whatever token', async (_who, headers) => {
  await using served = await AdminUnderTest.start();
  const admin = await served.enterAsFirst();
  const refused = await served.call('createToken', { body: CHANGE, headers: { ...admin.headers, ...headers } });
  expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('another site')]);
  const signIn = await served.signIn('root', PASSWORD, headers);
  expect([signIn.status, signIn.headers.getSetCookie()]).toEqual([403, []]);
});

test('what the page itself asks for is let in, also where browsers reach it by another name', async () => {
  await using served = await AdminUnderTest.start({ config: { publicUrl: 'https://sandport.example' } });
  const admin = await served.enterAsFirst();
  for (const origin of [served.admin.address, 'https://sandport.example']) {
    const headers = { ...admin.headers, origin, 'sec-fetch-site': 'same-origin' };
    expect((await served.call('createToken', { body: CHANGE, headers })).status, origin).toBe(201);
  }
});

test('a script with a token needs no other one, and a cookie beside it counts for nothing', async () => {
  await using served = await AdminUnderTest.start();
  const admin = await served.enterAsFirst();
  const made = await served.call('createToken', { body: CHANGE, headers: admin.headers });
  const authorization = `Bearer ${(JSON.parse(made.body) as { secret: string }).secret}`;
  expect((await served.call('listVersions', { headers: { authorization } })).status).toBe(200);
  // Its role is less than that of the session.
  expect((await served.call('createToken', { body: CHANGE, headers: { ...admin.headers, authorization } })).status).toBe(403);
});

test('a session lives in a cookie that no script can read and no other site sends', async () => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  const [cookie = ''] = (await served.signIn('root')).headers.getSetCookie();
  expect(cookie).toMatch(/^sandport-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  await using secured = await AdminUnderTest.start({ config: { publicUrl: 'https://sandport.example' } });
  await secured.enterAsFirst();
  const [hosted = ''] = (await secured.signIn('root')).headers.getSetCookie();
  expect(hosted).toMatch(/^__Host-sandport-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
});
