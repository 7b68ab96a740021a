import { SEALED_MEMBER, type JsonObject } from '@sandport/core';
import { openSecrets } from './envelope.ts';
import { checkUnsealed, sealConfig, type ConfigToSeal } from './sealed-config.ts';
import { readSealedMember, type SealedMember } from './sealed-member.ts';
import { refusedField } from './secret-errors.ts';

/** A stored configuration that is to be replaced. `config` has the new plain fields and the new secrets, those in the clear. */
export interface ConfigToReseal extends ConfigToSeal {
  /** The configuration as it is stored now; its secrets may be sealed or stand in the clear. */
  readonly former: JsonObject;
  /** Names of secret fields whose stored value stays. A stored secret that is neither here nor in `config` is given up. */
  readonly keep: readonly string[];
}

/**
 * The new configuration with its secrets sealed: the kept ones and the new ones together. When exactly what was sealed is kept and nothing added, the sealed member stays as it is, and no
 * key is needed; so the digest of a configuration that did not change does not change either.
 *
 * @throws SandboxError `REQUEST_INVALID` naming a kept field that is no secret field, is also given anew, or is not stored; `SECRET_UNREADABLE` when a kept one cannot be read; else as `sealConfig`.
 */
export function resealConfig({ row, former, config, keep, secretFields, keyRing }: ConfigToReseal): JsonObject {
  checkUnsealed(row, config, secretFields);
  const kept = [...new Set(keep)];
  for (const field of kept) checkKept(row, field, config, secretFields);
  const member = kept.length === 0 ? undefined : readSealedMember({ row, config: former });
  const keptSealed = kept.filter((field) => member?.fields.includes(field) === true);
  const keptPlain = kept.filter((field) => !keptSealed.includes(field));
  const missing = keptPlain.find((field) => !Object.hasOwn(former, field));
  if (missing !== undefined) throw refusedField(row, missing, 'is to be kept, but no value of it is stored');
  const isNothingNew = keptPlain.length === 0 && !secretFields.some((field) => Object.hasOwn(config, field));
  if (member !== undefined && isNothingNew && keptSealed.length === member.fields.length) return { ...config, [SEALED_MEMBER]: member };
  const values = { ...former, ...openedFields(row, member, keptSealed, keyRing) };
  const keptValues = Object.fromEntries(Object.entries(values).filter(([name]) => kept.includes(name)));
  return sealConfig({ row, config: { ...config, ...keptValues }, secretFields, keyRing });
}

function openedFields(
  row: string,
  member: SealedMember | undefined,
  wanted: readonly string[],
  keyRing: ConfigToReseal['keyRing'],
): JsonObject {
  return member === undefined || wanted.length === 0 ? {} : openSecrets(row, member, keyRing);
}

function checkKept(row: string, field: string, config: JsonObject, secretFields: readonly string[]): void {
  if (!secretFields.includes(field)) throw refusedField(row, field, 'is to be kept, but is no secret field');
  if (Object.hasOwn(config, field)) throw refusedField(row, field, 'is to be kept, but is also given anew');
}
