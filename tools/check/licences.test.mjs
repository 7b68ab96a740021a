// @ts-check
import { expect, test } from 'vitest';
import { findForbidden, isAllowed } from './licences.mjs';

test.each([
  ['MIT', true],
  ['(Apache-2.0 AND BSD-3-Clause)', true],
  ['(GPL-3.0-only OR MIT)', true],
  ['GPL-3.0-only', false],
  ['(MIT AND GPL-3.0-only)', false],
  ['MIT OR Apache-2.0 AND GPL-2.0-only', false],
  ['SEE LICENSE IN LICENSE.txt', false],
  ['Unknown', false],
  ['MIT*', false],
  ['', false],
])('"%s" is passed on: %s', (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});

test('names each package that cannot be passed on, with its licence', () => {
  const packages = { MIT: [{ name: 'zod', versions: ['4.6.7'] }], 'AGPL-3.0-only': [{ name: 'thing', versions: ['1.0.0', '2.0.0'] }] };
  expect(findForbidden(packages)).toEqual([
    'thing@1.0.0,2.0.0 has the licence "AGPL-3.0-only", which is not among those that are allowed.',
  ]);
});
