import { expect, test, vi } from 'vitest';
import { AdminUnderTest, PASSWORD, type ReadAnswer } from '../admin-under-test.ts';

async function guess(served: AdminUnderTest, name: string, times: number): Promise<readonly ReadAnswer[]> {
  const answers: ReadAnswer[] = [];
  for (let each = 0; each < times; each += 1) answers.push(await served.signIn(name, `guess ${each}`));
  return answers;
}

// Each attempt is several transactions.
vi.setConfig({ testTimeout: 120_000 });

test.each([
  ['of an account', 'root'],
  ['that there is not', 'nobody'],
])('guessing for a name %s is slowed down, in the same words', async (_what, name) => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  const answers = await guess(served, name, 6);
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
  expect(new Set(answers.slice(0, 5).map(({ body }) => body)).size).toBe(1);
  expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({ detail: 'The name or the password is wrong.' });
  expect(answers[5]?.headers.get('retry-after')).toBe('60');
  // Also the right one, and however the name is written.
  expect((await served.signIn(` ${name.toUpperCase()} `, PASSWORD)).status).toBe(429);
});

test('of many guesses at one moment no more are heard', async () => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  const answers = await Promise.all(Array.from({ length: 12 }, async (_, each) => served.signIn('root', `guess ${each}`)));
  expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
  expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
});

test('the address of a caller is what a trusted proxy tells, and nobody else can tell one', async () => {
  await using trusting = await AdminUnderTest.start({ config: { trustedProxies: ['127.0.0.1'] } });
  await using doubting = await AdminUnderTest.start();
  const addressOf = async (served: AdminUnderTest): Promise<unknown> => {
    await served.signIn('nobody', 'guess', { 'x-forwarded-for': '198.51.100.7' });
    return (await served.settings.configurations.audit({ limit: 1 }))[0]?.summary['address'];
  };
  expect([await addressOf(trusting), await addressOf(doubting)]).toEqual(['198.51.100.7', '127.0.0.1']);
});

test("the password of a session's own account is guessed no faster", async () => {
  await using served = await AdminUnderTest.start();
  const { headers } = await served.enterAsFirst();
  const statuses: number[] = [];
  for (let each = 0; each < 6; each += 1) {
    const body = { current: `guess ${each}`, next: 'another long password' };
    statuses.push((await served.call('changePassword', { body, headers })).status);
  }
  expect(statuses).toEqual([400, 400, 400, 400, 400, 429]);
});

test.each(['\0', '\u202e', '\u{d800}', "'; drop table sandport_accounts; --"])(
  'a name that is none (%j) is refused like any other',
  async (name) => {
    await using served = await AdminUnderTest.start();
    const answer = await served.signIn(name);
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
  },
);
