import { jsonObjectSchema, SEALED_MEMBER, type JsonObject } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { generateMasterKey } from '../../src/secrets/master-key.ts';
import { openSealedConfig, rewrapSealedConfig, sealConfig } from '../../src/secrets/sealed-config.ts';
import { sealedFieldsOf } from '../../src/secrets/sealed-member.ts';
import { everythingShown, failureOf } from './failure-of.ts';
import { CONFIG, memberOf, newRing, ROW, SECRET_FIELDS, withMember } from './sealed-samples.ts';

const key = generateMasterKey();
const keyRing = KeyRing.of([{ key }]);
/** The ring of the time when the key is being replaced. */
const successor = KeyRing.of([{ key: generateMasterKey() }, { key }]);
const sealed = sealConfig({ row: ROW, config: CONFIG, secretFields: SECRET_FIELDS, keyRing });
const member = memberOf(sealed);

function seal(row: string, config: JsonObject, ring: KeyRing = keyRing): JsonObject {
  return sealConfig({ row, config, secretFields: SECRET_FIELDS, keyRing: ring });
}

/** What opening says, after a look for anything that must not be seen. */
async function refusalOf(config: JsonObject, row = ROW): Promise<unknown> {
  const error = await failureOf(() => openSealedConfig({ row, config, keyRing }));
  expect(error.code).toBe('SECRET_UNREADABLE');
  expect(error.message).toContain(`"${row}"`);
  const shown = everythingShown(error);
  for (const secret of ['planted-secret', member.data, member.key.wrapped]) expect(shown).not.toContain(secret);
  return error.details?.['reason'];
}

/** The same base64 text with one bit of one byte turned. */
function turned(text: string, index: number): string {
  const bytes = Buffer.from(text, 'base64');
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return bytes.toString('base64');
}

describe('a turned bit', () => {
  const bytesOf = (text: string): number[] => Array.from(Buffer.from(text, 'base64').keys());

  test('is noticed in every byte of the wrapped key: nonce, ciphertext and tag', async () => {
    for (const index of bytesOf(member.key.wrapped)) {
      const changed = withMember(sealed, { ...member, key: { ...member.key, wrapped: turned(member.key.wrapped, index) } });
      expect(await refusalOf(changed)).toBe('not-authentic');
    }
  });

  test('is noticed in every byte of the data: nonce, ciphertext and tag', async () => {
    for (const index of bytesOf(member.data)) {
      expect(await refusalOf(withMember(sealed, { ...member, data: turned(member.data, index) }))).toBe('not-authentic');
    }
  });
});

describe('what was moved', () => {
  const other = seal('sandbox.other', CONFIG);

  test('to another row is not opened there, nor wrapped anew', async () => {
    expect(await refusalOf(sealed, 'sandbox.other')).toBe('not-authentic');
    const error = await failureOf(() => rewrapSealedConfig({ row: 'sandbox.other', config: sealed, keyRing: successor }));
    expect(error.details).toMatchObject({ row: 'sandbox.other', reason: 'not-authentic' });
    expect(rewrapSealedConfig({ row: ROW, config: sealed, keyRing: successor })).toBeDefined();
  });

  test('in part is not opened: the key or the data of another row, or of another sealing of this row', async () => {
    for (const from of [memberOf(other), memberOf(seal(ROW, CONFIG))]) {
      expect(await refusalOf(withMember(sealed, { ...member, key: from.key }))).toBe('not-authentic');
      expect(await refusalOf(withMember(sealed, { ...member, data: from.data }))).toBe('not-authentic');
    }
  });

  test('from one layer to the other is not opened', async () => {
    expect(await refusalOf(withMember(sealed, { ...member, data: member.key.wrapped }))).toBe('not-authentic');
  });

  test('under the name of another master key is not opened', async () => {
    const ring = newRing();
    const foreign = memberOf(seal(ROW, CONFIG, ring));
    expect(await refusalOf(withMember(sealed, { ...foreign, key: { ...foreign.key, id: keyRing.currentId } }))).toBe('not-authentic');
  });
});

test.each([
  ['one less', ['apiKey']],
  ['one more', ['apiKey', 'more', 'token']],
  ['another one', ['apiKey', 'url']],
  ['two of them glued together', ['apiKey","token']],
])('a list of fields with %s is noticed', async (_, fields) => {
  expect(await refusalOf(withMember(sealed, { ...member, fields }))).toBe('not-authentic');
});

describe('what is no sealed member', () => {
  const { data: _data, ...withoutData } = member;
  const { key: _key, ...withoutKey } = member;

  test.each<[string, unknown, string]>([
    ['null', null, ''],
    ['a text', 'planted-secret', ''],
    ['an array', [member], ''],
    ['no version', { ...member, version: undefined }, '.version'],
    ['version 0', { ...member, version: 0 }, '.version'],
    ['a version in words', { ...member, version: '2' }, '.version'],
    ['no data', withoutData, '.data'],
    ['no key', withoutKey, '.key'],
    ['a member more', { ...member, more: 'planted-secret' }, ''],
    ['a member more beside the wrapped key', { ...member, key: { ...member.key, more: 'planted-secret' } }, '.key'],
    ['a key id in capitals', { ...member, key: { ...member.key, id: member.key.id.replace(/^./, 'A') } }, '.key.id'],
    ['a short wrapped key', { ...member, key: { ...member.key, wrapped: member.key.wrapped.slice(0, 76) } }, '.key.wrapped'],
    ['a long wrapped key', { ...member, key: { ...member.key, wrapped: `${member.key.wrapped}AAAA` } }, '.key.wrapped'],
    ['a wrapped key of other signs', { ...member, key: { ...member.key, wrapped: `*${member.key.wrapped.slice(1)}` } }, '.key.wrapped'],
    ['data without content', { ...member, data: Buffer.alloc(28).toString('base64') }, '.data'],
    ['data with a sign too many', { ...member, data: `${member.data}\n` }, '.data'],
    ['data in another alphabet', { ...member, data: Buffer.alloc(40, 0xff).toString('base64url') }, '.data'],
    ['no fields', { ...member, fields: [] }, '.fields'],
    ['fields out of order', { ...member, fields: member.fields.toReversed() }, '.fields'],
    ['a field twice', { ...member, fields: ['apiKey', 'apiKey', 'token'] }, '.fields'],
    ['a field without a name', { ...member, fields: ['', 'apiKey'] }, '.fields.0'],
    ['itself as a field', { ...member, fields: [SEALED_MEMBER, 'apiKey'] }, '.fields'],
  ])('is refused as malformed: %s', async (_, changed, place) => {
    const config = jsonObjectSchema.parse(JSON.parse(JSON.stringify({ template: 'base', [SEALED_MEMBER]: changed })));
    expect(await refusalOf(config)).toBe('malformed');
    const error = await failureOf(() => sealedFieldsOf({ row: ROW, config }));
    expect(error.details).toEqual({ row: ROW, reason: 'malformed', place: `${SEALED_MEMBER}${place}` });
  });

  test('is said to be of a newer version, whatever else it holds', async () => {
    const config = { [SEALED_MEMBER]: { version: 2, anything: 'planted-secret' } };
    const error = await failureOf(() => openSealedConfig({ row: ROW, config, keyRing }));
    expect(error.message).toBe(
      'The secrets of the row "sandbox.e2b" cannot be read: they were written by a newer version of Sandport (format 2; this one knows 1).',
    );
    expect(await refusalOf(config)).toBe('newer-version');
    expect(error.suggestion).toContain('Update Sandport');
  });
});

test('a field that stands sealed and in the clear is nobody’s guess', async () => {
  expect(await refusalOf({ ...sealed, token: 'planted-secret-3' })).toBe('ambiguous');
});
