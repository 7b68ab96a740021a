import { PROVIDER_TYPE_SETTING, providerOfSetting, SandboxError, type JsonObject, type JsonValue } from '@sandport/core';
import { plainSecretsOf } from '../secrets/sealed-config.ts';
import { sealedFieldsOf } from '../secrets/sealed-member.ts';
import { isProviderId } from './document-reading.ts';
import type { ProviderCatalog } from './provider-catalog.ts';
import { readProviderRow } from './provider-row.ts';

/**
 * Whether the text of a row has, or may have, a secret in the clear: a secret field that was not sealed, a text in a field that nobody here knows, or a text that cannot be taken apart.
 * The policy and the fallback chain hold none.
 */
export function mayShowSecret(catalog: ProviderCatalog, row: string, text: string): boolean {
  if (row === PROVIDER_TYPE_SETTING) return !isProviderId(text);
  const providerId = providerOfSetting(row);
  if (providerId === undefined) return false;
  const { config, clearSecrets, unknown } = readProviderRow(catalog, providerId, text);
  if (config === undefined || hasMalformedSeal(row, config)) return true;
  return plainSecretsOf(clearSecrets, Object.keys(clearSecrets)).length > 0 || Object.values(unknown).some(holdsText);
}

function hasMalformedSeal(row: string, config: JsonObject): boolean {
  try {
    sealedFieldsOf({ row, config });
    return false;
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    return error.details?.['reason'] === 'malformed';
  }
}

function holdsText(value: JsonValue): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(holdsText);
  return typeof value === 'string' && value !== '';
}
