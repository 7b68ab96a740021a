import { expect, test } from 'vitest';
import { Passwords } from '../../src/access/passwords.ts';

const CHEAP = { memoryKibibytes: 8, passes: 1, lanes: 1 };

test('a password is kept as argon2id at the cost that OWASP recommends', async () => {
  const passwords = new Passwords();
  const hash = await passwords.hash('correct horse battery');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect([await passwords.verify('correct horse battery', hash), await passwords.verify('correct horse', hash)]).toEqual([true, false]);
  expect(passwords.isOutdated(hash)).toBe(false);
  expect(new Passwords(CHEAP).isOutdated(hash)).toBe(true);
});

test.each([null, undefined])('where there is none (%s), no password is right', async (stored) => {
  expect(await new Passwords(CHEAP).verify('', stored)).toBe(false);
});

test('a flood of them is refused, and what was taken is answered', async () => {
  const passwords = new Passwords(CHEAP);
  const hash = await passwords.hash('right');
  const answers = await Promise.allSettled(Array.from({ length: 100 }, async () => passwords.verify('right', hash)));
  const refused = answers.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(50);
  expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value).length).toBe(100 - refused.length);
  expect(await passwords.verify('right', hash)).toBe(true);
});
