// @ts-check
import { expect, it } from 'vitest';
import { parseUsers, unprivilegedUser } from './unprivileged-user.mjs';

const passwd = [
  'root:x:0:0:root:/root:/bin/bash',
  'postgres:x:101:104::/var/lib/postgresql:/bin/bash',
  '+::::::',
  '',
  'odd:x:one:2::/:',
].join('\n');

it('reads who there is', () => {
  expect([...parseUsers(passwd)]).toEqual([
    ['root', { uid: 0, gid: 0 }],
    ['postgres', { uid: 101, gid: 104 }],
  ]);
});

it('never gives root, even where nobody of the wished-for users is there', () => {
  const user = unprivilegedUser(['root', 'surely-not-there']);
  expect(user?.uid).not.toBe(0);
  expect(user === null).toBe(process.getuid?.() !== 0);
});
