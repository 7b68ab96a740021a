import { jsonObjectSchema, SEALED_MEMBER, type JsonObject } from '@sandport/core';
import { openSecrets, rewrapSecrets, sealSecrets } from './envelope.ts';
import type { KeyRing } from './key-ring.ts';
import { readSealedMember, type StoredConfig } from './sealed-member.ts';
import { cannotSeal, refusedField } from './secret-errors.ts';

/** A configuration that is to be stored. */
export interface ConfigToSeal {
  /** Exact name of the row. What is sealed can be opened in this row only. */
  readonly row: string;
  /** The configuration, with its secrets in the clear. */
  readonly config: JsonObject;
  /** Names of the fields that the provider's schema marks as secret. Those that are absent from `config` stay absent. */
  readonly secretFields: readonly string[];
  readonly keyRing: KeyRing | undefined;
}

/** A stored configuration and the keys to read it with. */
export interface ConfigToOpen extends StoredConfig {
  readonly keyRing: KeyRing | undefined;
}

/**
 * The configuration without its secret fields, which are sealed in {@link SEALED_MEMBER}. Each call uses a new data key. Without a secret in it, it comes back as it is, and no key is needed.
 *
 * @throws SandboxError `REQUEST_INVALID` naming a field that cannot be sealed, `CONFIG_MISSING` when there is no master key.
 */
export function sealConfig({ row, config, secretFields, keyRing }: ConfigToSeal): JsonObject {
  checkUnsealed(row, config, secretFields);
  const isSecret = new Set(secretFields);
  const secrets = pick(config, (name) => isSecret.has(name));
  const fields = Object.keys(secrets);
  if (fields.length === 0) return config;
  for (const field of fields) checkSecretValue(row, field, secrets);
  if (keyRing === undefined) throw cannotSeal(row, fields.toSorted());
  return { ...pick(config, (name) => !isSecret.has(name)), [SEALED_MEMBER]: sealSecrets(row, secrets, keyRing) };
}

/**
 * The configuration with its secrets in the clear, for the provider alone. One without sealed secrets comes back as it is.
 *
 * @throws SandboxError `SECRET_UNREADABLE` naming the row.
 */
export function openSealedConfig({ row, config, keyRing }: ConfigToOpen): JsonObject {
  const member = readSealedMember({ row, config });
  if (member === undefined) return config;
  return { ...pick(config, (name) => name !== SEALED_MEMBER), ...openSecrets(row, member, keyRing) };
}

/**
 * The same stored configuration with its data key wrapped by the current master key. Nothing else in it changes, its `configDigest` neither.
 *
 * @returns `undefined` when the current key wraps it already, or nothing is sealed.
 * @throws SandboxError `SECRET_UNREADABLE` naming the row.
 */
export function rewrapSealedConfig({ row, config, keyRing }: ConfigToOpen): JsonObject | undefined {
  const member = readSealedMember({ row, config });
  if (member === undefined || member.key.id === keyRing?.currentId) return undefined;
  return { ...config, [SEALED_MEMBER]: rewrapSecrets(row, member, keyRing) };
}

/** Names of secret fields that stand in a stored configuration in the clear, as another program may have written them. Empty texts and `null` hide nothing. */
export function plainSecretsOf(config: JsonObject, secretFields: readonly string[]): string[] {
  return secretFields.filter((field) => Object.hasOwn(config, field) && config[field] !== '' && config[field] !== null);
}

/** Refuses what has been sealed already: its secrets would be lost. */
export function checkUnsealed(row: string, config: JsonObject, secretFields: readonly string[]): void {
  if (Object.hasOwn(config, SEALED_MEMBER)) throw refusedField(row, SEALED_MEMBER, 'is the place of sealed secrets and cannot be given');
  if (secretFields.includes(SEALED_MEMBER))
    throw refusedField(row, SEALED_MEMBER, 'is the place of sealed secrets and no field of its own');
  if (secretFields.includes('')) throw refusedField(row, '(empty)', 'is no name of a secret field');
}

/** The finding is not told: it could name parts of the value. */
function checkSecretValue(row: string, field: string, secrets: JsonObject): void {
  // Looked at within an object, as it will be read.
  if (!jsonObjectSchema.safeParse(pick(secrets, (name) => name === field)).success) throw refusedField(row, field, 'is not a JSON value');
}

function pick(config: JsonObject, isWanted: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([name]) => isWanted(name)));
}
