import {
  createDefaultFolder,
  openDatabase,
  openSettings,
  type SettingsDatabase,
  type SettingsLocation,
  type StoredSettings,
} from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';

/** Opens settings that must be there already. */
export function openStoredSettings({ providers, environment }: CliContext, { address }: SettingsLocation): StoredSettings {
  return openSettings(address.reveal(), { providers, environment, create: false });
}

/** Opens settings in order to write them; an absent file is created. */
export function openWritableSettings({ providers, environment }: CliContext, location: SettingsLocation): StoredSettings {
  createDefaultFolder(location);
  return openSettings(location.address.reveal(), { providers, environment });
}

/** Opens the database of the settings, whatever its tables are. An absent file is created only when that is said. */
export function openSettingsDatabase(location: SettingsLocation, { create }: { readonly create: boolean }): SettingsDatabase {
  if (create) createDefaultFolder(location);
  return openDatabase(location.address.reveal(), { create });
}
