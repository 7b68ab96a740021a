import { existsSync } from 'node:fs';
import { PROVIDER_TYPE_SETTING, providerConfigSetting, type ProviderDefinition, type Setting, type SettingsStore } from '@sandport/core';
import { settingsFile, type SettingsLocation } from '@sandport/settings';
import type { ReadableSettings } from './chosen-provider.ts';
import type { CliContext } from './cli-context.ts';
import { openStoredSettings } from './settings/open-stored-settings.ts';

/** The provider that an installation uses in which nobody has chosen one: nobody has named the settings, and none have been made yet. `undefined` for every other installation. */
export function providerOfEmptyInstallation({ providers }: CliContext, location: SettingsLocation): ProviderDefinition | undefined {
  const path = settingsFile(location);
  return location.isDefault && path !== undefined && !existsSync(path) ? providers[0] : undefined;
}

/** Opens the settings; for an empty installation, those in which its provider is used with its defaults, and says so. */
export function openChosenSettings(context: CliContext, location: SettingsLocation): ReadableSettings {
  const embedded = providerOfEmptyInstallation(context, location);
  if (embedded === undefined) return openStoredSettings(context, location);
  context.stderr.write(`No provider is chosen yet: using "${embedded.id}". Choose one with "sandport config use".\n`);
  return defaultSettings(embedded);
}

/** Settings in which this provider is chosen, with its defaults. */
function defaultSettings({ id }: ProviderDefinition): SettingsStore {
  const facts = { source: 'empty installation' };
  const rows = new Map<string, Setting>([
    [PROVIDER_TYPE_SETTING, { name: PROVIDER_TYPE_SETTING, dataType: 'string', value: id, ...facts }],
    [providerConfigSetting(id), { name: providerConfigSetting(id), dataType: 'json', value: '{}', ...facts }],
  ]);
  return {
    read: (names) => Promise.resolve(new Map([...rows].filter(([name]) => names.includes(name)))),
    unseal: (_name, config) => Promise.resolve(config),
    close: () => Promise.resolve(),
  };
}
