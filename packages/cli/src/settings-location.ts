import { mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { SettingsStore } from '@sandport/core';
import { openSqliteSettings, type StoredSettings } from '@sandport/settings';
import type { CliContext } from './cli-context.ts';
import { usageError } from './usage-error.ts';

/** Where the settings are, and who said so. */
export interface SettingsLocation {
  readonly path: string;
  /** Nobody named a path, so the folder is Sandport's own and may be created. */
  readonly isDefault: boolean;
}

/** The settings file: `--settings`, else `SANDPORT_SETTINGS`, else `sandport/settings.sqlite` in the folder for configurations. */
export function locateSettings(
  { environment, homeFolder }: Pick<CliContext, 'environment' | 'homeFolder'>,
  option: string | undefined,
): SettingsLocation {
  if (option === '') throw usageError('--settings: is empty.', 'Name the settings file, or leave the option out.');
  const named = option ?? environment['SANDPORT_SETTINGS'] ?? '';
  if (named !== '') return { path: named, isDefault: false };
  // The XDG specification says that a relative path there is to be ignored.
  const xdg = environment['XDG_CONFIG_HOME'] ?? '';
  const configFolder = isAbsolute(xdg) ? xdg : join(homeFolder, '.config');
  return { path: join(configFolder, 'sandport', 'settings.sqlite'), isDefault: true };
}

/** Opens settings that must be there already. */
export function openStoredSettings({ path }: SettingsLocation): SettingsStore {
  return openSqliteSettings({ path, create: false });
}

/** Opens settings in order to write them; absent ones are created. */
export function openWritableSettings({ path, isDefault }: SettingsLocation): StoredSettings {
  if (isDefault) {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw usageError(
        `The folder "${dirname(path)}" cannot be created.`,
        'Name a settings file that you may write with --settings.',
        error,
      );
    }
  }
  return openSqliteSettings({ path });
}
