import { expect, test } from 'vitest';
import { AdminUnderTest, PASSWORD, type ReadAnswer } from '../admin-under-test.ts';

const MINUTE_MS = 60_000;

async function guess(served: AdminUnderTest, name: string, times: number): Promise<readonly ReadAnswer[]> {
  const answers: ReadAnswer[] = [];
  for (let each = 0; each < times; each += 1) answers.push(await served.signIn(name, `guess ${each}`));
  return answers;
}

test.each([
  ['of an account', 'root'],
  ['that there is not', 'nobody'],
])('guessing for a name %s is slowed down more and more, in the same words', async (_what, name) => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  const first = await guess(served, name, 7);
  expect(first.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
  expect(new Set(first.slice(0, 5).map(({ body }) => body)).size).toBe(1);
  expect(JSON.parse(first[0]?.body ?? '')).toMatchObject({ detail: 'The name or the password is wrong.' });
  expect(first[5]?.headers.get('retry-after')).toBe('60');
  // Also the right one, and however it is written.
  expect((await served.signIn(` ${name.toUpperCase()} `, PASSWORD)).status).toBe(429);
  served.clock.nowMs += MINUTE_MS;
  const second = await guess(served, name, 6);
  expect(second.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
  expect(second[5]?.headers.get('retry-after')).toBe('900');
  served.clock.nowMs += 14 * MINUTE_MS;
  expect((await guess(served, name, 1))[0]?.status).toBe(401);
});

test('who signs in starts afresh', async () => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  for (let round = 0; round < 3; round += 1) {
    expect((await guess(served, 'root', 4)).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect((await served.signIn('root')).status).toBe(200);
  }
});

test('of many guesses at one moment no more are heard', async () => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  const answers = await Promise.all(Array.from({ length: 30 }, async (_, each) => served.signIn('root', `guess ${each}`)));
  expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
  expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
});

test('an address that guesses many names is slowed down as a whole', async () => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  const statuses: number[] = [];
  for (let each = 0; each < 22; each += 1) statuses.push((await served.signIn(`name ${each}`, 'guess')).status);
  expect(statuses.filter((status) => status === 401).length).toBe(20);
  expect((await served.signIn('root')).status).toBe(429);
});

test('behind a proxy that is trusted the address is the one that it tells, and nobody else can tell one', async () => {
  await using trusting = await AdminUnderTest.start({ config: { trustedProxies: ['127.0.0.1'] } });
  await using doubting = await AdminUnderTest.start();
  for (const served of [trusting, doubting]) {
    await served.enterAsFirst();
    for (let each = 0; each < 21; each += 1) await served.signIn(`name ${each}`, 'guess', { 'x-forwarded-for': `198.51.100.${each}` });
  }
  expect((await trusting.signIn('root')).status).toBe(200);
  expect((await doubting.signIn('root')).status).toBe(429);
});

test("the password of a session's own account is guessed no faster", async () => {
  await using served = await AdminUnderTest.start();
  const { headers } = await served.enterAsFirst();
  const statuses: number[] = [];
  for (let each = 0; each < 7; each += 1) {
    statuses.push(
      (await served.call('changePassword', { body: { current: `guess ${each}`, next: 'another long password' }, headers })).status,
    );
  }
  expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429]);
});

test('a name that cannot be one is refused like any other', async () => {
  await using served = await AdminUnderTest.start();
  await served.enterAsFirst();
  for (const name of ['\0', '‮', '\u{d800}', "'; drop table sandport_accounts; --"]) {
    const answer = await served.signIn(name);
    expect([answer.status, JSON.parse(answer.body)], JSON.stringify(name)).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
  }
});
