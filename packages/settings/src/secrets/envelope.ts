import { randomBytes } from 'node:crypto';
import { jsonObjectSchema, SEALED_MEMBER, type JsonObject } from '@sandport/core';
import { decryptAesGcm, encryptAesGcm, KEY_BYTES } from './aes-gcm.ts';
import type { KeyRing } from './key-ring.ts';
import { SEALED_VERSION, type SealedMember } from './sealed-member.ts';
import { malformedMember, noMasterKey, notAuthentic, unknownMasterKey } from './secret-errors.ts';

/** Seals secrets under a data key that nothing else has or gets. */
export function sealSecrets(row: string, secrets: JsonObject, keyRing: KeyRing): SealedMember {
  const fields = Object.keys(secrets).toSorted();
  const dataKey = randomBytes(KEY_BYTES);
  const content = Buffer.from(JSON.stringify(secrets), 'utf8');
  try {
    return {
      version: SEALED_VERSION,
      key: wrapDataKey(row, fields, dataKey, keyRing),
      fields,
      data: encryptAesGcm(dataKey, content, authenticatedWith('data', row, fields)).toString('base64'),
    };
  } finally {
    dataKey.fill(0);
    content.fill(0);
  }
}

/**
 * The secrets in the clear.
 *
 * @throws SandboxError `SECRET_UNREADABLE`
 */
export function openSecrets(row: string, member: SealedMember, keyRing: KeyRing | undefined): JsonObject {
  const dataKey = unwrapDataKey(row, member, ringFor(row, member, keyRing));
  let content: Buffer;
  try {
    content = decryptAesGcm(dataKey, Buffer.from(member.data, 'base64'), authenticatedWith('data', row, member.fields));
  } catch (error) {
    throw notAuthentic(row, member.key.id, error);
  } finally {
    dataKey.fill(0);
  }
  try {
    const secrets = parseJsonObject(content.toString('utf8'));
    if (secrets === undefined || !hasExactly(secrets, member.fields)) throw malformedMember(row, `${SEALED_MEMBER}.data`);
    return secrets;
  } finally {
    content.fill(0);
  }
}

/**
 * The same secrets for a ring whose current key is another one: only `key` differs.
 *
 * @throws SandboxError `SECRET_UNREADABLE`
 */
export function rewrapSecrets(row: string, member: SealedMember, keyRing: KeyRing | undefined): SealedMember {
  const ring = ringFor(row, member, keyRing);
  const dataKey = unwrapDataKey(row, member, ring);
  try {
    return { ...member, key: wrapDataKey(row, member.fields, dataKey, ring) };
  } finally {
    dataKey.fill(0);
  }
}

function wrapDataKey(row: string, fields: readonly string[], dataKey: Buffer, keyRing: KeyRing): SealedMember['key'] {
  const { id, wrapped } = keyRing.wrap(dataKey, authenticatedWith('key', row, fields));
  return { id, wrapped: wrapped.toString('base64') };
}

/** The ring, when it has the key that is needed. */
function ringFor(row: string, { key }: SealedMember, keyRing: KeyRing | undefined): KeyRing {
  if (keyRing === undefined) throw noMasterKey(row, key.id);
  if (!keyRing.has(key.id)) throw unknownMasterKey(row, key.id, [keyRing.currentId, ...keyRing.formerIds]);
  return keyRing;
}

function unwrapDataKey(row: string, { key, fields }: SealedMember, keyRing: KeyRing): Buffer {
  try {
    return keyRing.unwrap({ id: key.id, wrapped: Buffer.from(key.wrapped, 'base64') }, authenticatedWith('key', row, fields));
  } catch (error) {
    throw notAuthentic(row, key.id, error);
  }
}

/** What a layer belongs to, as a text that nothing else can give: JSON says where each of its parts ends. */
function authenticatedWith(layer: 'key' | 'data', row: string, fields: readonly string[]): string {
  return JSON.stringify([`sandport sealed ${layer}`, SEALED_VERSION, row, fields]);
}

/** The finding of the parser is dropped on purpose: it quotes the text, which is the secret. */
function parseJsonObject(text: string): JsonObject | undefined {
  try {
    return jsonObjectSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function hasExactly(secrets: JsonObject, fields: readonly string[]): boolean {
  return Object.keys(secrets).length === fields.length && fields.every((field) => Object.hasOwn(secrets, field));
}
