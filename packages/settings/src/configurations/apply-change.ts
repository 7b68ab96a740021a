import {
  configDigest,
  FALLBACK_SETTING,
  POLICY_SETTING,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  SandboxError,
  type JsonObject,
} from '@sandport/core';
import type { KeyRing } from '../secrets/key-ring.ts';
import { resealConfig } from '../secrets/reseal-config.ts';
import type { CheckedChange } from './configuration-change.ts';
import type { ConfigurationDocument } from './configuration-document.ts';
import type { ProviderCatalog } from './provider-catalog.ts';
import { readRowObject } from './row-json.ts';

/** The new configuration of one provider, checked in shape. */
type CheckedProviderChange = Exclude<NonNullable<CheckedChange['providers']>[string], null>;

/** What it takes to seal new secrets. */
export interface SealingContext {
  readonly catalog: ProviderCatalog;
  readonly keyRing: KeyRing | undefined;
}

/**
 * The document that a change makes of another one, new secrets sealed. Whether it makes sense as a whole is for `findFindings` to say.
 *
 * @param secretsFrom rows in which kept secrets are looked for first.
 * @throws SandboxError `PROVIDER_UNKNOWN` for a provider that is not carried, `REQUEST_INVALID` for a secret that cannot be kept, and for names of secret fields of one that is carried, `CONFIG_MISSING` for a secret without a master key.
 */
export function applyChange(
  document: ConfigurationDocument,
  change: CheckedChange,
  context: SealingContext,
  secretsFrom: ConfigurationDocument = document,
): ConfigurationDocument {
  const rows = new Map(document);
  const put = (name: string, text: string | undefined): void => {
    if (text === undefined) rows.delete(name);
    else rows.set(name, text);
  };
  for (const [id, provider] of Object.entries(change.providers ?? {})) {
    const row = providerConfigSetting(id);
    const former = document.get(row);
    put(row, provider === null ? undefined : providerText(context, id, provider, { former, secretsFrom: secretsFrom.get(row) ?? former }));
  }
  if (change.providerType !== undefined) put(PROVIDER_TYPE_SETTING, change.providerType);
  if (change.policy !== undefined) put(POLICY_SETTING, textOf(change.policy));
  if (change.fallback !== undefined) put(FALLBACK_SETTING, textOf(change.fallback));
  return rows;
}

function providerText(
  { catalog, keyRing }: SealingContext,
  id: string,
  { config, keep, secretFields: givenFields }: CheckedProviderChange,
  texts: { readonly former: string | undefined; readonly secretsFrom: string | undefined },
): string {
  const row = providerConfigSetting(id);
  const secretFields = secretFieldsOf(catalog, id, givenFields);
  const former = texts.secretsFrom === undefined ? {} : formerConfig(row, texts.secretsFrom, keep);
  const next = resealConfig({ row, former, config, keep, secretFields, keyRing });
  // The same configuration keeps its very text, however its author spelt it.
  return texts.former !== undefined && saysTheSame(texts.former, next) ? texts.former : JSON.stringify(next);
}

function saysTheSame(text: string, config: JsonObject): boolean {
  const stored = readRowObject(text).config ?? {};
  return Object.keys(stored).length > 0 && configDigest(stored) === configDigest(config);
}

/** The schema of a provider decides; the caller's word counts only for one that is not carried. */
function secretFieldsOf(catalog: ProviderCatalog, id: string, given: readonly string[] | undefined): readonly string[] {
  const known = catalog.fieldsOf(id);
  if (known === undefined) {
    // Without that word a change of an unknown provider is a slip in its id.
    if (given === undefined) catalog.get(id);
    return given ?? [];
  }
  if (given === undefined) return [...known.secret];
  throw new SandboxError(
    'REQUEST_INVALID',
    `providers.${id}.secretFields: the schema of the provider "${id}" says which of its fields are secret.`,
    {
      operation: 'changeConfiguration',
      suggestion: 'Leave them out and call again; nothing was stored.',
      details: { field: `providers.${id}.secretFields` },
    },
  );
}

function formerConfig(row: string, text: string, keep: readonly string[]): JsonObject {
  const { config, problem } = readRowObject(text);
  if (config !== undefined) return config;
  if (keep.length === 0) return {};
  throw new SandboxError('CONFIG_INVALID', `The secrets of the row "${row}" cannot be kept: it ${problem}.`, {
    operation: 'changeConfiguration',
    suggestion: 'Give the secrets anew instead of keeping them; nothing was stored.',
    details: { row },
  });
}

function textOf(value: CheckedChange['policy'] | CheckedChange['fallback']): string | undefined {
  return value === null ? undefined : JSON.stringify(value);
}
