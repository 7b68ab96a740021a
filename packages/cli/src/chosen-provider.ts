import {
  FALLBACK_SETTING,
  passportSetting,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  SandboxError,
  type Passport,
  type ProviderDefinition,
  type Setting,
  type SettingsCallOptions,
  type SettingsStore,
} from '@sandport/core';
import type { StoredSettings } from '@sandport/settings';
import { storedDigest } from './stored-digest.ts';

/** Settings, with their history where they have one. */
export type ReadableSettings = SettingsStore & Partial<Pick<StoredSettings, 'configurations'>>;

/** The carried provider with this id; a wrong id is the caller's mistake. */
export function carriedProvider(providers: readonly ProviderDefinition[], id: string): ProviderDefinition {
  const definition = providers.find((each) => each.id === id);
  if (definition !== undefined) return definition;
  throw new SandboxError('REQUEST_INVALID', `"${id.slice(0, 64)}" is not a provider that this command carries.`, {
    suggestion: `Use one of: ${providers.map((each) => each.id).join(', ')}.`,
    details: { field: 'provider', carried: providers.map((each) => each.id) },
  });
}

/**
 * The same settings with another provider chosen, and no other to step in, for one command only; nothing is written. The policy goes on to count, so the provider's passport is looked for
 * where those of providers are that are not in use.
 */
export function withProvider(settings: ReadableSettings, id: string): SettingsStore {
  const source = 'command line';
  const chosen: Setting = { name: PROVIDER_TYPE_SETTING, source, dataType: 'string', value: id };
  const passportRow = passportSetting(id);
  return {
    read: async (names, options) => {
      const rows = new Map(await settings.read([...names, providerConfigSetting(id)], options));
      rows.delete(FALLBACK_SETTING);
      if (names.includes(PROVIDER_TYPE_SETTING)) rows.set(PROVIDER_TYPE_SETTING, chosen);
      if (names.includes(passportRow) && !rows.has(passportRow)) {
        const passport = await findPassport(settings, id, rows.get(providerConfigSetting(id)), options);
        if (passport !== undefined) rows.set(passportRow, { name: passportRow, source, dataType: 'json', value: JSON.stringify(passport) });
      }
      return new Map([...rows].filter(([name]) => names.includes(name)));
    },
    unseal: (name, config, options) => settings.unseal(name, config, options),
    close: () => settings.close(),
  };
}

/** The newest passport of the stored configuration. */
async function findPassport(
  { configurations }: ReadableSettings,
  id: string,
  row: Setting | undefined,
  options: SettingsCallOptions | undefined,
): Promise<Passport | undefined> {
  const digest = storedDigest(row);
  if (configurations === undefined || digest === undefined) return undefined;
  const passports = await configurations.passports(id, { ...options });
  return passports.find((passport) => passport.configDigest === digest);
}
