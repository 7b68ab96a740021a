import { CSRF_HEADER } from '@sandport/admin-api';
import { expect, test } from 'vitest';
import { AdminUnderTest, cookieOf, enteredBy, PASSWORD } from '../admin-under-test.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

async function isIn(served: AdminUnderTest, cookie: string): Promise<boolean> {
  return (await served.call('listVersions', { headers: { cookie } })).status === 200;
}

test('a session that somebody brought along is not taken over, and the former one ends with the next sign-in', async () => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  const planted = `sandport-session=${'p'.repeat(43)}`;
  const first = enteredBy(await served.signIn('root', PASSWORD, { cookie: planted }));
  expect(first.cookie).not.toBe(planted);
  expect(await isIn(served, planted)).toBe(false);
  const second = enteredBy(await served.signIn('root', PASSWORD, { cookie: first.cookie }));
  expect(second.cookie).not.toBe(first.cookie);
  expect([await isIn(served, first.cookie), await isIn(served, second.cookie)]).toEqual([false, true]);
});

test("two cookies of one name are nobody: one of them is somebody else's", async () => {
  await using served = await AdminUnderTest.start();
  const { cookie } = await served.enterAsFirst();
  expect(await isIn(served, `other=1; ${cookie}`)).toBe(true);
  expect(await isIn(served, `${cookie}; sandport-session=${'p'.repeat(43)}`)).toBe(false);
});

test('only a digest of a session is stored', async () => {
  await using served = await AdminUnderTest.start();
  const { cookie, session } = await served.enterAsFirst();
  const secret = cookie.split('=')[1] ?? '';
  const found = await served.settings.people.findSession(secret, served.clock.nowMs);
  expect(found).toBeUndefined();
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256').update(secret).digest('hex');
  const row = await served.settings.people.findSession(digest, served.clock.nowMs);
  expect(row?.account.name).toBe('root');
  expect(JSON.stringify(row)).not.toContain(session.csrfToken);
});

test('a session ends when it is not used for an hour, and is used by what is called, not by asking for it', async () => {
  await using served = await AdminUnderTest.start();
  const { cookie, session } = await served.enterAsFirst();
  expect(session.endsAtMs).toBe(served.clock.nowMs + HOUR_MS);
  served.clock.nowMs += 50 * MINUTE_MS;
  expect(await isIn(served, cookie)).toBe(true);
  const asked = await served.call('readSession', { headers: { cookie } });
  expect(JSON.parse(asked.body)).toMatchObject({ account: { name: 'root' }, endsAtMs: served.clock.nowMs + HOUR_MS });
  served.clock.nowMs += 59 * MINUTE_MS;
  expect(JSON.parse((await served.call('readSession', { headers: { cookie } })).body)).toMatchObject({ account: { name: 'root' } });
  served.clock.nowMs += 2 * MINUTE_MS;
  expect(await isIn(served, cookie)).toBe(false);
  expect(JSON.parse((await served.call('readSession', { headers: { cookie } })).body)).toMatchObject({ account: null, csrfToken: null });
});

test('a session ends after twelve hours, however much it is used', async () => {
  await using served = await AdminUnderTest.start();
  const { cookie } = await served.enterAsFirst();
  const endsAtMs = served.clock.nowMs + 12 * HOUR_MS;
  while (served.clock.nowMs < endsAtMs - 30 * MINUTE_MS) {
    served.clock.nowMs += 30 * MINUTE_MS;
    if (served.clock.nowMs < endsAtMs) expect(await isIn(served, cookie)).toBe(true);
  }
  served.clock.nowMs = endsAtMs;
  expect(await isIn(served, cookie)).toBe(false);
});

test('who signs out is out, with the cookie and without', async () => {
  await using served = await AdminUnderTest.start();
  const { headers, cookie } = await served.enterAsFirst();
  const answer = await served.call('signOut', { headers });
  expect(answer.status).toBe(204);
  expect(answer.headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=0')]);
  expect(await isIn(served, cookie)).toBe(false);
});

test('whoever is disabled is out at once, stays out when enabled again, and gets a lesser role at once', async () => {
  await using served = await AdminUnderTest.start();
  const admin = await served.enterAsFirst();
  const other = await served.enterAsInvited(admin, 'other', 'admin');
  const account = other.session.account?.id ?? '';
  const change = async (body: object): Promise<number> =>
    (await served.call('changeAccount', { parameters: { account }, body, headers: admin.headers })).status;
  expect(await change({ role: 'viewer' })).toBe(200);
  expect((await served.call('listAccounts', { headers: other.headers })).status).toBe(403);
  expect(await change({ isDisabled: true })).toBe(200);
  expect(await isIn(served, other.cookie)).toBe(false);
  expect((await served.signIn('other')).status).toBe(401);
  expect(await change({ isDisabled: false })).toBe(200);
  expect(await isIn(served, other.cookie)).toBe(false);
  expect((await served.signIn('other')).status).toBe(200);
});

test('a new password ends all other sessions, and needs the one of now', async () => {
  await using served = await AdminUnderTest.start();
  const here = await served.enterAsFirst();
  const there = enteredBy(await served.signIn('root'));
  const wrong = await served.call('changePassword', { body: { current: 'not it', next: 'another long password' }, headers: here.headers });
  expect([wrong.status, JSON.parse(wrong.body)]).toMatchObject([400, { details: { field: 'current' } }]);
  const right = await served.call('changePassword', { body: { current: PASSWORD, next: 'another long password' }, headers: here.headers });
  expect(right.status).toBe(204);
  expect([await isIn(served, here.cookie), await isIn(served, there.cookie)]).toEqual([true, false]);
  expect((await served.signIn('root')).status).toBe(401);
  expect((await served.signIn('root', 'another long password')).status).toBe(200);
});

test('a token ends when it is revoked, or its time is over, and tells when it was used', async () => {
  await using served = await AdminUnderTest.start();
  const { headers } = await served.enterAsFirst();
  const make = async (lifetimeDays: number | null): Promise<{ token: { id: string }; secret: string }> =>
    JSON.parse((await served.call('createToken', { body: { name: 'script', role: 'viewer', lifetimeDays }, headers })).body) as {
      token: { id: string };
      secret: string;
    };
  const [lasting, short] = [await make(null), await make(1)];
  const statusOf = async ({ secret }: { secret: string }): Promise<number> =>
    (await served.call('listVersions', { headers: { authorization: `Bearer ${secret}` } })).status;
  expect([await statusOf(lasting), await statusOf(short)]).toEqual([200, 200]);
  expect(await served.settings.people.listTokens()).toMatchObject([
    { lastUsedAtMs: served.clock.nowMs },
    { lastUsedAtMs: served.clock.nowMs },
  ]);
  served.clock.nowMs += 24 * HOUR_MS;
  expect([await statusOf(lasting), await statusOf(short)]).toEqual([200, 401]);
  const again = enteredBy(await served.signIn('root'));
  await served.call('revokeToken', { parameters: { token: lasting.token.id }, headers: again.headers });
  expect(await statusOf(lasting)).toBe(401);
});

test('the cookie of a stranger is no way in, whatever is in it', async () => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  for (const value of ['', '%', '%00', "' or 1=1", 'a'.repeat(5000), '__proto__', 'ä'.normalize()]) {
    const headers = { cookie: `sandport-session=${encodeURI(value)}`, [CSRF_HEADER]: 'x' };
    expect((await served.call('listVersions', { headers })).status, value).toBe(401);
  }
  expect(cookieOf((await served.call('readSession')).headers)).toBe('');
});
