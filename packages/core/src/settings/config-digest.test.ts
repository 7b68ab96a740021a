import { expect, test } from 'vitest';
import { configDigest } from './config-digest.ts';

const SEALED = { version: 1, key: { id: 'one', wrapped: 'aaaa' }, fields: ['token'], data: 'bbbb' };

test('does not depend on the order of members', () => {
  expect(configDigest({ a: 1, b: { c: [1, 2], d: null } })).toBe(configDigest({ b: { d: null, c: [1, 2] }, a: 1 }));
});

test('does not depend on the master key that wraps the key of the row', () => {
  const rewrapped = { ...SEALED, key: { id: 'two', wrapped: 'cccc' } };
  expect(configDigest({ a: 1, $encrypted: SEALED })).toBe(configDigest({ a: 1, $encrypted: rewrapped }));
});

test.each([
  ['a value', { a: 2, $encrypted: SEALED }],
  ['a secret', { a: 1, $encrypted: { ...SEALED, data: 'dddd' } }],
  ['the order of a list', { a: 1, list: [2, 1], $encrypted: SEALED }],
  ['a member more', { a: 1, b: null, $encrypted: SEALED }],
])('differs with %s', (_, config) => {
  expect(configDigest(config)).not.toBe(configDigest({ a: 1, $encrypted: SEALED }));
  expect(configDigest({ a: 1, list: [1, 2], $encrypted: SEALED })).not.toBe(configDigest(config));
});
