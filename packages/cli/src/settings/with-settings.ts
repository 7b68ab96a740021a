import { locateSettings, type SettingsLocation, type StoredSettings } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { openStoredSettings, openWritableSettings } from './open-stored-settings.ts';

/** The settings that `--settings` names. */
export interface SettingsOption {
  readonly settings?: string;
}

/** Does something with settings that must be there, and closes them. */
export function withStoredSettings<Value>(
  context: CliContext,
  option: SettingsOption,
  work: (settings: StoredSettings, location: SettingsLocation) => Promise<Value>,
): Promise<Value> {
  const location = locateSettings(context, option.settings);
  return closing(openStoredSettings(context, location), (settings) => work(settings, location));
}

/** Does something with settings that are made where there are none, and closes them. */
export function withWritableSettings<Value>(
  context: CliContext,
  option: SettingsOption,
  work: (settings: StoredSettings, location: SettingsLocation) => Promise<Value>,
): Promise<Value> {
  const location = locateSettings(context, option.settings);
  return closing(openWritableSettings(context, location), (settings) => work(settings, location));
}

async function closing<Value>(settings: StoredSettings, work: (settings: StoredSettings) => Promise<Value>): Promise<Value> {
  try {
    return await work(settings);
  } finally {
    await settings.close();
  }
}
