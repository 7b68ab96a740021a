import { settingsFile, type SettingsLocation } from './settings-location.ts';

/** The key file that is looked for when nothing else is said: beside a settings file. A server has none. */
export function defaultKeyFile(location: SettingsLocation): string | undefined {
  const path = settingsFile(location);
  return path === undefined ? undefined : `${path}.key`;
}
