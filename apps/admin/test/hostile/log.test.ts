import { ROUTES } from '@sandport/admin-api';
import { expect, test } from 'vitest';
import { AdminUnderTest, PASSWORD } from '../admin-under-test.ts';
import { standInHandlers } from '../server/stand-in-handlers.ts';

test('the log tells of every call, and nothing of what was sent or answered', async () => {
  const logLines: string[] = [];
  const handlers = standInHandlers([], {
    readInstallation: async () => {
      throw new Error('a fault');
    },
  });
  await using served = await AdminUnderTest.start({ logLines, handlers });
  const firstSecret = await served.firstSecret();
  const { headers, cookie, session } = await served.enterAsFirst('planted-name');
  const made = await served.call('createToken', { body: { name: 'planted-token', role: 'admin', lifetimeDays: null }, headers });
  const { secret } = JSON.parse(made.body) as { secret: string };
  await served.call('readInstallation', { headers: { authorization: `Bearer ${secret}`, 'x-planted': 'planted-header' } });
  await served.call('readInstallation', { headers: { ...headers, cookie: `${cookie}; planted=planted-cookie` } });
  await served.call('listVersions', { headers, query: '?planted=planted-query' });
  await served.signIn('planted-name', 'planted-password');
  await served.call('createToken', { body: '{"planted"', headers });
  await served.fetch('GET', '/planted/path?planted=query');
  await served.fetch('GET', `${ROUTES.listAccounts.path}/%planted`, { headers });
  await served.call('removeAccount', { parameters: { account: 'planted-account' }, headers });
  const invited = await served.call('inviteAccount', { body: { name: 'planted-invited', role: 'viewer' }, headers });
  const { link } = JSON.parse(invited.body) as { link: string };
  await served.call('redeemInvitation', { body: { secret: link.split('#')[1], password: PASSWORD } });
  await served.call('finishOpenIdSignIn', { query: '?code=planted-code&state=planted-state' });
  expect(logLines.length).toBeGreaterThan(10);
  const hidden = [firstSecret, secret, link.split('#')[1] ?? '-', PASSWORD, cookie.split('=')[1] ?? '-', session.csrfToken ?? '-'];
  expect(logLines.filter((line) => /planted/i.test(line) || hidden.some((each) => line.includes(each)))).toEqual([]);
  expect(logLines.some((line) => line.includes('"route":"/api/v1/admin/sandbox/installation"') && line.includes('"status":500'))).toBe(
    true,
  );
});
