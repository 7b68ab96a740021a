import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { configDigest, jsonObjectSchema, SEALED_MEMBER, type JsonObject, type JsonValue } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { generateMasterKey } from '../../src/secrets/master-key.ts';
import { openSealedConfig, plainSecretsOf, rewrapSealedConfig, sealConfig } from '../../src/secrets/sealed-config.ts';
import { masterKeyIdOf, sealedFieldsOf } from '../../src/secrets/sealed-member.ts';
import { everythingShown, failureOf } from './failure-of.ts';
import { CONFIG, memberOf, newRing, ROW, SECRET_FIELDS, withMember } from './sealed-samples.ts';

const keyRing = newRing();
const sealed = sealConfig({ row: ROW, config: CONFIG, secretFields: SECRET_FIELDS, keyRing });

function storedAndRead(config: JsonObject): JsonObject {
  return jsonObjectSchema.parse(JSON.parse(JSON.stringify(config)));
}

function nested(depth: number): JsonValue {
  return Array.from({ length: depth }).reduce<JsonValue>((inner) => [inner], 'x');
}

describe('sealing', () => {
  test('takes the secrets out of the configuration, and opening gives them back', () => {
    expect(Object.keys(sealed).toSorted()).toEqual([SEALED_MEMBER, 'port', 'template']);
    expect(JSON.stringify(sealed)).not.toContain('planted-secret');
    expect(openSealedConfig({ row: ROW, config: sealed, keyRing })).toEqual(CONFIG);
  });

  test('does not change what it was given', () => {
    const given = structuredClone(CONFIG);
    sealConfig({ row: ROW, config: given, secretFields: SECRET_FIELDS, keyRing });
    expect(given).toEqual(CONFIG);
  });

  test('uses another data key and other nonces each time', () => {
    const again = sealConfig({ row: ROW, config: CONFIG, secretFields: SECRET_FIELDS, keyRing });
    const texts = [sealed, again].flatMap((config) => [memberOf(config).key.wrapped, memberOf(config).data]);
    expect(new Set(texts).size).toBe(4);
    // The first 12 bytes are the nonce.
    expect(new Set(texts.map((text) => text.slice(0, 16))).size).toBe(4);
  });

  test('survives being stored as text', () => {
    expect(openSealedConfig({ row: ROW, config: storedAndRead(sealed), keyRing })).toEqual(CONFIG);
  });

  test('leaves a configuration without secrets as it is, and needs no key for it', () => {
    const config = { template: 'base' };
    expect(sealConfig({ row: ROW, config, secretFields: SECRET_FIELDS, keyRing: undefined })).toBe(config);
    expect(openSealedConfig({ row: ROW, config, keyRing: undefined })).toBe(config);
  });

  test.each<[string, JsonValue]>([
    ['an empty text', ''],
    ['null', null],
    ['a number', 1.5],
    ['a nested object', { list: [1, { a: 'ü😀' }], flag: false }],
    ['the deepest nesting', nested(199)],
    ['half a character', '\ud800'],
    ['a long text', 'x'.repeat(300_000)],
  ])('keeps %s', (_, value) => {
    const config = sealConfig({ row: ROW, config: { token: value }, secretFields: ['token'], keyRing });
    expect(openSealedConfig({ row: ROW, config, keyRing })).toEqual({ token: value });
  });

  test('keeps fields that are named like members of every object', () => {
    const given = jsonObjectSchema.parse(JSON.parse('{"__proto__":"one","constructor":"two","plain":3}'));
    const config = sealConfig({ row: ROW, config: given, secretFields: ['__proto__', 'constructor', 'toString'], keyRing });
    expect(sealedFieldsOf({ row: ROW, config })).toEqual(['__proto__', 'constructor']);
    const opened = openSealedConfig({ row: ROW, config, keyRing });
    expect(storedAndRead(opened)).toEqual(given);
    expect(Object.keys(opened).toSorted()).toEqual(['__proto__', 'constructor', 'plain']);
    expect(Object.getPrototypeOf(opened)).toBe(Object.prototype);
  });

  test.each([
    ['what is sealed already', { config: sealed }, SEALED_MEMBER],
    ['a secret field in the place of the sealed member', { secretFields: [SEALED_MEMBER] }, SEALED_MEMBER],
    ['a secret field without a name', { secretFields: [''] }, '(empty)'],
    ['a secret that JSON cannot carry', { config: { token: Number.NaN } }, 'token'],
    ['a secret that is nested too deep', { config: { token: nested(200) } }, 'token'],
  ])('refuses %s', async (_, change, field) => {
    const error = await failureOf(() => sealConfig({ row: ROW, config: CONFIG, secretFields: SECRET_FIELDS, keyRing, ...change }));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { row: ROW, field }]);
  });

  test('says which secrets cannot be stored without a master key', async () => {
    const error = await failureOf(() => sealConfig({ row: ROW, config: CONFIG, secretFields: SECRET_FIELDS, keyRing: undefined }));
    expect([error.code, error.details]).toEqual(['CONFIG_MISSING', { row: ROW, fields: ['apiKey', 'token'] }]);
    expect(everythingShown(error)).not.toContain('planted-secret');
  });
});

test('the format is the documented one: opened is what other code has made by the description', () => {
  const key = randomBytes(32);
  const dataKey = randomBytes(32);
  const encrypt = (secret: Buffer, text: Buffer, layer: string): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(
      Buffer.from(`["sandport sealed ${layer}",1,"sandbox.e2b",["apiKey"]]`),
    );
    return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64');
  };
  const id = createHmac('sha256', key).update('sandport master key id').digest('hex').slice(0, 16);
  const member = {
    version: 1,
    key: { id, wrapped: encrypt(key, dataKey, 'key') },
    fields: ['apiKey'],
    data: encrypt(dataKey, Buffer.from('{"apiKey":"planted"}'), 'data'),
  };
  const ring = KeyRing.of([{ key: key.toString('base64') }]);
  expect(openSealedConfig({ row: ROW, config: { template: 'base', [SEALED_MEMBER]: member }, keyRing: ring })).toEqual({
    template: 'base',
    apiKey: 'planted',
  });
});

describe('without opening', () => {
  test('one learns which fields are set and which key is needed', () => {
    expect(sealedFieldsOf({ row: ROW, config: sealed })).toEqual(['apiKey', 'token']);
    expect(masterKeyIdOf({ row: ROW, config: sealed })).toBe(keyRing.currentId);
    expect(sealedFieldsOf({ row: ROW, config: { template: 'base' } })).toEqual([]);
    expect(masterKeyIdOf({ row: ROW, config: { template: 'base' } })).toBeUndefined();
  });

  test('one learns which secrets stand in the clear', () => {
    expect(plainSecretsOf({ ...CONFIG, password: '', pin: null, code: 0 }, ['token', 'password', 'pin', 'code', 'absent'])).toEqual([
      'token',
      'code',
    ]);
    expect(plainSecretsOf(sealed, SECRET_FIELDS)).toEqual([]);
  });
});

describe('a master key that does not fit', () => {
  test.each([
    ['is not configured at all', undefined, 'no-master-key'],
    ['is another one', newRing(), 'unknown-master-key'],
  ])('when it %s, names the row and the key that is needed', async (_, ring, reason) => {
    for (const call of [openSealedConfig, rewrapSealedConfig]) {
      const error = await failureOf(() => call({ row: ROW, config: sealed, keyRing: ring }));
      expect(error).toMatchObject({ code: 'SECRET_UNREADABLE', details: { row: ROW, reason, keyId: keyRing.currentId } });
      expect(error.message).toContain(`"${ROW}"`);
      expect(`${error.message} ${error.suggestion}`).toContain(keyRing.currentId);
    }
  });

  test('is told apart by the ids that are there', async () => {
    const ring = KeyRing.of([{ key: generateMasterKey() }, { key: generateMasterKey() }]);
    const error = await failureOf(() => openSealedConfig({ row: ROW, config: sealed, keyRing: ring }));
    expect(error.details).toMatchObject({ knownIds: [ring.currentId, ...ring.formerIds] });
    for (const id of [ring.currentId, ...ring.formerIds]) expect(error.message).toContain(id);
  });
});

describe('replacing the master key', () => {
  const [oldKey, newKey] = [generateMasterKey(), generateMasterKey()];
  const before = KeyRing.of([{ key: oldKey }]);
  const during = KeyRing.of([{ key: newKey }, { key: oldKey }]);
  const after = KeyRing.of([{ key: newKey }]);
  const stored = sealConfig({ row: ROW, config: CONFIG, secretFields: SECRET_FIELDS, keyRing: before });

  test('changes nothing but who wrapped the data key', () => {
    const rewrapped = rewrapSealedConfig({ row: ROW, config: stored, keyRing: during }) ?? {};
    const { key, ...rest } = memberOf(rewrapped);
    expect(key.id).toBe(after.currentId);
    expect(rest).toEqual({ version: 1, fields: memberOf(stored).fields, data: memberOf(stored).data });
    expect(withMember(rewrapped, memberOf(stored))).toEqual(stored);
    expect(configDigest(rewrapped)).toBe(configDigest(stored));
  });

  test('leaves every row readable at each step', async () => {
    expect(openSealedConfig({ row: ROW, config: stored, keyRing: during })).toEqual(CONFIG);
    const rewrapped = rewrapSealedConfig({ row: ROW, config: stored, keyRing: during }) ?? {};
    for (const ring of [during, after]) expect(openSealedConfig({ row: ROW, config: rewrapped, keyRing: ring })).toEqual(CONFIG);
    expect((await failureOf(() => openSealedConfig({ row: ROW, config: rewrapped, keyRing: before }))).code).toBe('SECRET_UNREADABLE');
  });

  test('has nothing to do for a row of the current key, or without secrets', () => {
    expect(rewrapSealedConfig({ row: ROW, config: stored, keyRing: before })).toBeUndefined();
    expect(rewrapSealedConfig({ row: ROW, config: { template: 'base' }, keyRing: undefined })).toBeUndefined();
  });
});
