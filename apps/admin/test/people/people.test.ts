import { expect, test } from 'vitest';
import { AdminUnderTest, enteredBy, PASSWORD } from '../admin-under-test.ts';

const HOUR_MS = 3_600_000;

async function actsOf(served: AdminUnderTest): Promise<readonly string[]> {
  const entries = await served.settings.configurations.audit({ limit: 100 });
  return entries.map(({ actor, action }) => `${actor}: ${action}`).toReversed();
}

test('the first account is made by whoever has the link, once', async () => {
  await using served = await AdminUnderTest.start();
  expect(JSON.parse((await served.call('readSession')).body)).toMatchObject({ needsFirstAccount: true, account: null });
  const link = (await served.admin.firstAccountLink()) ?? '';
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/admin\/first-account#[\w-]{43}$/);
  const secret = link.split('#')[1];
  const body = { secret, name: 'root', password: PASSWORD };
  expect((await served.call('createFirstAccount', { body: { ...body, secret: 'x'.repeat(43) } })).status).toBe(403);
  const made = enteredBy(await served.call('createFirstAccount', { body }));
  expect(made.session).toMatchObject({ account: { name: 'root', role: 'admin', signsInBy: 'password' }, needsFirstAccount: false });
  expect((await served.call('createFirstAccount', { body: { ...body, name: 'another' } })).status).toBe(403);
  expect(await served.admin.firstAccountLink()).toBeUndefined();
  expect(await served.settings.people.listAccounts()).toHaveLength(1);
});

test('of two who have the link at one moment one gets in', async () => {
  await using served = await AdminUnderTest.start();
  const secret = await served.firstSecret();
  const tries = ['one', 'two'].map(async (name) => served.call('createFirstAccount', { body: { secret, name, password: PASSWORD } }));
  const statuses = (await Promise.all(tries)).map(({ status }) => status).toSorted((left, right) => left - right);
  expect(statuses[0]).toBe(200);
  expect([403, 409]).toContain(statuses[1]);
});

test('the password of a new account is a long one', async () => {
  await using served = await AdminUnderTest.start();
  const body = { secret: await served.firstSecret(), name: 'root', password: 'too short' };
  const answer = await served.call('createFirstAccount', { body });
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([400, { details: { field: 'password' } }]);
  expect(answer.body).not.toContain('too short');
});

interface Invited {
  readonly account: { readonly id: string; readonly signsInBy: string };
  readonly link: string;
  readonly endsAtMs: number;
}

test('an invitation is good once, for a time, and until there is another', async () => {
  await using served = await AdminUnderTest.start();
  const { headers } = await served.enterAsFirst();
  const invite = async (name: string): Promise<Invited> =>
    JSON.parse((await served.call('inviteAccount', { body: { name, role: 'operator' }, headers })).body) as Invited;
  const redeem = async (link: string): Promise<number> =>
    (await served.call('redeemInvitation', { body: { secret: link.split('#')[1], password: PASSWORD } })).status;
  const first = await invite('first');
  expect(first).toMatchObject({ account: { signsInBy: 'invitation' }, endsAtMs: served.clock.nowMs + 72 * HOUR_MS });
  expect(first.link).toMatch(/\/admin\/invitation#[\w-]{43}$/);
  expect((await served.signIn('first')).status).toBe(401);
  expect([await redeem(first.link), await redeem(first.link)]).toEqual([200, 403]);
  expect((await served.signIn('first')).status).toBe(200);
  const taken = await served.call('inviteAccount', { body: { name: 'FIRST', role: 'viewer' }, headers });
  expect([taken.status, JSON.parse(taken.body)]).toMatchObject([400, { details: { field: 'name' } }]);

  const late = await invite('late');
  served.clock.nowMs += 72 * HOUR_MS;
  expect(await redeem(late.link)).toBe(403);
  const again = enteredBy(await served.signIn('root'));
  const reset = await served.call('changeAccount', {
    parameters: { account: late.account.id },
    body: { resetPassword: true },
    headers: again.headers,
  });
  const { invitation } = JSON.parse(reset.body) as { invitation: { link: string } };
  expect(await redeem(invitation.link)).toBe(200);
});

test('a password that is reset is worth nothing, and the sessions with it', async () => {
  await using served = await AdminUnderTest.start();
  const { headers, session } = await served.enterAsFirst();
  const other = await served.enterAsInvited({ headers, session, cookie: '' }, 'other', 'viewer');
  const reset = await served.call('changeAccount', {
    parameters: { account: other.session.account?.id ?? '' },
    body: { resetPassword: true },
    headers,
  });
  expect([reset.status, JSON.parse(reset.body)]).toMatchObject([200, { account: { signsInBy: 'invitation' } }]);
  expect((await served.call('listVersions', { headers: other.headers })).status).toBe(401);
  expect((await served.signIn('other')).status).toBe(401);
  const own = await served.call('changeAccount', {
    parameters: { account: session.account?.id ?? '' },
    body: { resetPassword: true },
    headers,
  });
  expect([own.status, JSON.parse(own.body)]).toMatchObject([400, { details: { field: 'resetPassword' } }]);
});

test.each([
  [
    'be removed',
    async (served: AdminUnderTest, account: string, headers: Record<string, string>) =>
      served.call('removeAccount', { parameters: { account }, headers }),
  ],
  [
    'be disabled',
    async (served: AdminUnderTest, account: string, headers: Record<string, string>) =>
      served.call('changeAccount', { parameters: { account }, headers, body: { isDisabled: true } }),
  ],
  [
    'become a viewer',
    async (served: AdminUnderTest, account: string, headers: Record<string, string>) =>
      served.call('changeAccount', { parameters: { account }, headers, body: { role: 'viewer' } }),
  ],
])('the last admin cannot %s', async (_what, change) => {
  await using served = await AdminUnderTest.start();
  const { headers, session } = await served.enterAsFirst();
  const answer = await change(served, session.account?.id ?? '', { ...headers });
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([409, { code: 'CONFIG_CONFLICT' }]);
  expect((await served.call('listAccounts', { headers })).status).toBe(200);
});

test('what is about an account or a token that there is not is not found', async () => {
  await using served = await AdminUnderTest.start();
  const { headers } = await served.enterAsFirst();
  const calls = [
    served.call('removeAccount', { parameters: { account: 'none' }, headers }),
    served.call('changeAccount', { parameters: { account: 'none' }, headers, body: { role: 'viewer' } }),
    served.call('changeAccount', { parameters: { account: 'none' }, headers, body: { resetPassword: true } }),
    served.call('revokeToken', { parameters: { token: 'none' }, headers }),
  ];
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([404, 404, 404, 404]);
});

test('every act is in the audit, with who did it, and without a secret', async () => {
  await using served = await AdminUnderTest.start();
  const admin = await served.enterAsFirst();
  const other = await served.enterAsInvited(admin, 'other', 'admin');
  await served.signIn('other', 'wrong and secret');
  await served.signIn('a password typed as a name', 'x');
  const made = await served.call('createToken', { body: { name: 'script', role: 'admin', lifetimeDays: null }, headers: other.headers });
  const { token, secret } = JSON.parse(made.body) as { token: { id: string }; secret: string };
  const authorization = `Bearer ${secret}`;
  const account = other.session.account?.id ?? '';
  await served.call('changeAccount', { parameters: { account }, body: { role: 'viewer' }, headers: { authorization } });
  await served.call('revokeToken', { parameters: { token: token.id }, headers: admin.headers });
  await served.call('removeAccount', { parameters: { account }, headers: admin.headers });
  await served.call('signOut', { headers: admin.headers });
  expect(await actsOf(served)).toEqual([
    'root: create-account',
    'root: sign-in',
    'root: create-account',
    'root: create-invitation',
    'other: take-invitation',
    'other: change-password',
    'other: sign-in',
    'other: sign-in-refused',
    'somebody unknown: sign-in-refused',
    'other: create-token',
    'token "script" of other: change-account',
    'root: revoke-token',
    'root: remove-account',
    'root: sign-out',
  ]);
  const all = JSON.stringify(await served.settings.configurations.audit({ limit: 100 }));
  for (const hidden of [secret, PASSWORD, 'wrong and secret', 'typed as a name', '$argon2', admin.session.csrfToken ?? '-'])
    expect(all).not.toContain(hidden);
});

test('accounts are shown without what nobody is to see', async () => {
  await using served = await AdminUnderTest.start();
  const { headers } = await served.enterAsFirst();
  const { body } = await served.call('listAccounts', { headers });
  expect(JSON.parse(body)).toEqual({
    accounts: [
      {
        id: expect.any(String) as string,
        name: 'root',
        role: 'admin',
        isDisabled: false,
        signsInBy: 'password',
        createdAtMs: served.clock.nowMs,
        lastSignInAtMs: served.clock.nowMs,
      },
    ],
  });
});
