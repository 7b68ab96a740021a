import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { locationError } from './location-error.ts';
import { settingsFile, type SettingsLocation } from './settings-location.ts';

/** The folder of settings that nobody has named is Sandport's own, and is made where there is none. */
export function createDefaultFolder(location: SettingsLocation): void {
  const path = settingsFile(location);
  if (!location.isDefault || path === undefined) return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw locationError(`The folder "${dirname(path)}" cannot be created.`, 'Name settings that you may write with --settings.', error);
  }
}
