import { providerConfigSetting, providerOfSetting, SEALED_MEMBER, type JsonObject } from '@sandport/core';
import type { KeyRing } from '../secrets/key-ring.ts';
import { resealConfig } from '../secrets/reseal-config.ts';
import { plainSecretsOf } from '../secrets/sealed-config.ts';
import { sealedFieldsOf } from '../secrets/sealed-member.ts';
import type { ConfigurationDocument } from './configuration-document.ts';
import type { ProviderCatalog } from './provider-catalog.ts';
import { readProviderRow } from './provider-row.ts';

/** The secret fields of one row that stood in the clear and do no longer. */
export interface SealedRow {
  readonly row: string;
  readonly fields: readonly string[];
}

/**
 * Seals the secrets that stand in the clear in some rows of a document, as far as this program carries their providers.
 *
 * @throws SandboxError `CONFIG_MISSING` when there is no master key, `SECRET_UNREADABLE` when other secrets of the same row cannot be opened.
 */
export function sealRows(
  document: ConfigurationDocument,
  names: ReadonlySet<string>,
  { catalog, keyRing }: { readonly catalog: ProviderCatalog; readonly keyRing: KeyRing | undefined },
): { readonly document: ConfigurationDocument; readonly sealed: readonly SealedRow[] } {
  const rows = new Map(document);
  const sealed: SealedRow[] = [];
  for (const [row, text] of document) {
    const providerId = providerOfSetting(row);
    if (providerId === undefined || !names.has(row)) continue;
    const { config, clearSecrets } = readProviderRow(catalog, providerId, text);
    const fields = plainSecretsOf(clearSecrets, Object.keys(clearSecrets));
    if (config === undefined || fields.length === 0) continue;
    rows.set(row, JSON.stringify(sealConfigOf(catalog, keyRing, providerId, config, fields)));
    sealed.push({ row, fields });
  }
  return { document: rows, sealed };
}

function sealConfigOf(
  catalog: ProviderCatalog,
  keyRing: KeyRing | undefined,
  providerId: string,
  former: JsonObject,
  fields: readonly string[],
): JsonObject {
  const row = providerConfigSetting(providerId);
  const keep = [...fields, ...sealedFieldsOf({ row, config: former })];
  const config = Object.fromEntries(Object.entries(former).filter(([name]) => name !== SEALED_MEMBER && !keep.includes(name)));
  // A field that the schema no longer marks stays sealed.
  const secretFields = [...new Set([...(catalog.fieldsOf(providerId)?.secret ?? []), ...keep])];
  return resealConfig({ row, former, config, keep, secretFields, keyRing });
}
