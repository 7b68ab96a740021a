import { createHmac, randomBytes } from 'node:crypto';
import { format } from 'node:util';
import { describe, expect, test } from 'vitest';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { generateMasterKey } from '../../src/secrets/master-key.ts';
import { everythingShown, failureOf } from './failure-of.ts';

const bytes = Buffer.concat([Buffer.from([0xfb, 0xff]), randomBytes(30)]);
const base64 = bytes.toString('base64');

function idsOf(ring: KeyRing): string[] {
  return [ring.currentId, ...ring.formerIds];
}

describe('a master key', () => {
  test.each([
    ['base64', base64],
    ['base64 without padding', base64.slice(0, -1)],
    ['base64url', bytes.toString('base64url')],
    ['base64url with padding', `${bytes.toString('base64url')}=`],
    ['hexadecimal digits', bytes.toString('hex')],
    ['hexadecimal digits in capitals', bytes.toString('hex').toUpperCase()],
    ['base64 with space around it', `\uFEFF ${base64}\r\n`],
  ])('is read as %s', (_, key) => {
    expect(KeyRing.of([{ key }]).currentId).toBe(KeyRing.of([{ key: base64 }]).currentId);
  });

  test.each([
    ['nothing', '', 'is empty'],
    ['space', ' \n', 'is empty'],
    ['16 bytes', randomBytes(16).toString('base64'), 'holds 16 bytes, a master key has 32'],
    ['31 bytes', randomBytes(31).toString('base64'), 'holds 31 bytes, a master key has 32'],
    ['33 bytes', randomBytes(33).toString('base64'), 'holds 33 bytes, a master key has 32'],
    ['two keys in a row', bytes.toString('hex').repeat(2), 'holds 96 bytes, a master key has 32'],
    ['zeros', Buffer.alloc(32).toString('base64'), 'holds the same byte again and again, which is no random key'],
    ['the same letter', 'a'.repeat(64), 'holds the same byte again and again, which is no random key'],
    ['a password', 'correct horse battery staple', 'is neither base64 nor 64 hexadecimal digits'],
    ['both alphabets at once', `+_${base64.slice(2)}`, 'is neither base64 nor 64 hexadecimal digits'],
    ['bits that no byte has', `${base64.slice(0, 42)}/`, 'is neither base64 nor 64 hexadecimal digits'],
    ['padding in the middle', `${base64.slice(0, 20)}=${base64.slice(20)}`, 'is neither base64 nor 64 hexadecimal digits'],
    ['too much padding', `${base64}=`, 'is neither base64 nor 64 hexadecimal digits'],
    ['a line break within', `${base64.slice(0, 20)}\n${base64.slice(20)}`, 'is neither base64 nor 64 hexadecimal digits'],
  ])('is never %s', async (_, key, finding) => {
    const error = await failureOf(() => KeyRing.of([{ key, source: 'THE_VARIABLE' }]));
    expect([error.code, error.message]).toEqual(['CONFIG_INVALID', `THE_VARIABLE: ${finding}.`]);
    if (key.trim() !== '') expect(everythingShown(error)).not.toContain(key.trim());
  });

  test('is made at random, fit to be read', () => {
    const keys = Array.from({ length: 20 }, generateMasterKey);
    expect(new Set(keys.map((key) => KeyRing.of([{ key }]).currentId)).size).toBe(20);
    for (const key of keys) expect(Buffer.from(key, 'base64').length).toBe(32);
  });
});

describe('a key ring', () => {
  test('names each key by 16 digits that say nothing about it', () => {
    const id = createHmac('sha256', bytes).update('sandport master key id').digest('hex').slice(0, 16);
    expect(KeyRing.of([{ key: base64 }]).currentId).toBe(id);
  });

  test('wraps with its first key and unwraps with all of them', () => {
    const keys = [generateMasterKey(), generateMasterKey()].map((key) => ({ key }));
    const [ring, turned] = [KeyRing.of(keys), KeyRing.of(keys.toReversed())];
    const dataKey = randomBytes(32);
    const wrapped = ring.wrap(dataKey, 'row');
    expect(wrapped.id).toBe(ring.currentId);
    expect(idsOf(turned)).toEqual(idsOf(ring).toReversed());
    expect(turned.unwrap(wrapped, 'row').equals(dataKey)).toBe(true);
    expect(() => turned.unwrap(wrapped, 'other row')).toThrow(Error);
    expect(() => KeyRing.of([{ key: base64 }]).unwrap(wrapped, 'row')).toThrow(ring.currentId);
  });

  test('counts a key once, however it is written', () => {
    expect(idsOf(KeyRing.of([{ key: base64 }, { key: bytes.toString('hex') }]))).toHaveLength(1);
  });

  test('is never empty', async () => {
    expect((await failureOf(() => KeyRing.of([]))).code).toBe('CONFIG_INVALID');
  });

  test('shows ids, and no key, however it is looked at', () => {
    const ring = KeyRing.of([{ key: base64 }, { key: generateMasterKey() }]);
    const shown = [
      everythingShown(ring),
      everythingShown({ in: [ring] }),
      format('%o %O %j %s', ring, ring, ring, ring),
      String(ring),
    ].join('\n');
    for (const form of ['base64', 'base64url', 'hex', 'latin1'] as const) expect(shown).not.toContain(bytes.toString(form));
    expect(shown).toContain(ring.currentId);
    expect(JSON.parse(JSON.stringify(ring))).toEqual({ currentId: ring.currentId, formerIds: ring.formerIds });
    expect(Reflect.ownKeys(ring)).toEqual(['currentId', 'formerIds']);
  });
});
