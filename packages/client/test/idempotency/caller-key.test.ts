import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { callerKeyDigest } from '../../src/idempotency/caller-key.ts';
import { checkIdempotency } from '../../src/idempotency/idempotent-call.ts';
import { failureOf } from '../failure-of.ts';
import { setUpCalls } from './once-call.ts';

const SECRET = 'sk-very-secret-0815';

describe('a key', () => {
  test.each([
    ['a number', 7, undefined, 'idempotencyKey'],
    ['an empty text', '', undefined, 'idempotencyKey'],
    ['a text of 256 characters', 'k'.repeat(256), undefined, 'idempotencyKey'],
    ['half a character', '\ud800', undefined, 'idempotencyKey'],
    ['a window that is too short', 'k', 999, 'idempotencyWindowMs'],
    ['a window that is too long', 'k', 2_592_000_001, 'idempotencyWindowMs'],
    ['a window with a fraction', 'k', 1000.5, 'idempotencyWindowMs'],
    ['a window that is text', 'k', '1000', 'idempotencyWindowMs'],
  ])('that is %s is refused with the name of the field', async (_, key, windowMs, field) => {
    const error = await failureOf(() => checkIdempotency(key, windowMs));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
  });

  test('is checked before the store is asked', async () => {
    const { store, counted, call } = setUpCalls();
    expect((await failureOf(call({ key: '' }))).code).toBe('REQUEST_INVALID');
    expect((await failureOf(call({ windowMs: 0 }))).code).toBe('REQUEST_INVALID');
    expect([store.operations, counted.runs]).toEqual([[], 0]);
  });

  test.each(['k', 'k'.repeat(255), 'żółć 🙂', 'a\nb'])('may be %j', (key) => {
    expect(() => checkIdempotency(key, undefined)).not.toThrow();
  });

  test('is stored as a digest only, and that of another tenant is another key', async () => {
    const { store, counted, call } = setUpCalls();
    await call({ tenant: 'a', key: `bc-${SECRET}` });
    await call({ tenant: 'ab', key: `c-${SECRET}` });
    expect(counted.runs).toBe(2);
    expect(inspect(store.records, { depth: null })).not.toContain(SECRET);
    expect(callerKeyDigest('a', 'bc')).not.toBe(callerKeyDigest('ab', 'c'));
    expect(callerKeyDigest('1:a', 'b')).not.toBe(callerKeyDigest('1', 'a:b'));
    expect(callerKeyDigest('a', 'b')).toMatch(/^[0-9a-f]{64}$/);
  });
});
