import { configDigest, passportSetting, providerConfigSetting, type Passport, type SettingsCallOptions } from '@sandport/core';
import type { ConfigurationBooks } from './configuration-books.ts';
import { providersUsedBy } from './document-reading.ts';
import { readRowObject } from './row-json.ts';
import { newestPassport, putPassport } from './rows/passport-rows.ts';
import { governedRows, lockSandboxRows, putSetting } from './rows/setting-rows.ts';
import { lockState } from './rows/state-row.ts';

/** Stores a passport, and puts the newest one beside the rows in use if they have the configuration that it is about. */
export async function savePassport(books: ConfigurationBooks, passport: Passport, { signal }: SettingsCallOptions): Promise<void> {
  const { providerId } = passport;
  await books.transaction({ operation: 'savePassport', signal }, async (transaction) => {
    await lockState(transaction);
    await putPassport(transaction, passport);
    const rows = governedRows(await lockSandboxRows(transaction));
    if (!providersUsedBy(rows).includes(providerId)) return;
    const { config } = readRowObject(rows.get(providerConfigSetting(providerId)) ?? '');
    if (config === undefined || configDigest(config) !== passport.configDigest) return;
    const newest = await newestPassport(transaction, providerId, passport.configDigest, books.now());
    if (newest !== undefined) await putSetting(transaction, passportSetting(providerId), JSON.stringify(newest));
  });
}
