import { existsSync } from 'node:fs';
import { PROVIDER_TYPE_SETTING, providerConfigSetting, type ProviderDefinition, type Setting, type SettingsStore } from '@sandport/core';
import type { CliContext } from './cli-context.ts';
import { openStoredSettings, type SettingsLocation } from './settings-location.ts';

/**
 * Opens the settings. Where nobody has named a settings file and none has been made yet, nobody has chosen a provider either: then the first one that this command carries is used with its
 * defaults, and that is said.
 */
export function openChosenSettings(context: CliContext, location: SettingsLocation): SettingsStore {
  const [embedded] = context.providers;
  if (!location.isDefault || existsSync(location.path) || embedded === undefined) return openStoredSettings(location);
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
