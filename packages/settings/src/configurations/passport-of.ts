import { configDigest, providerConfigSetting, type Passport } from '@sandport/core';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { ConfigurationDocument } from './configuration-document.ts';
import { readRowObject } from './row-json.ts';
import { newestPassport } from './rows/passport-rows.ts';

/** The newest passport of the configuration that a document has for a provider. */
export async function passportOf(
  tables: Kysely<Tables>,
  document: ConfigurationDocument,
  providerId: string,
  nowMs: number,
): Promise<Passport | undefined> {
  const { config } = readRowObject(document.get(providerConfigSetting(providerId)) ?? '');
  return config === undefined ? undefined : newestPassport(tables, providerId, configDigest(config), nowMs);
}
