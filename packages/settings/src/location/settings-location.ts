import { isAbsolute, join } from 'node:path';
import { Secret } from '@sandport/core';
import { openDatabase } from '../database/open-database.ts';
import type { DatabaseKind } from '../database/settings-database.ts';
import { locationError } from './location-error.ts';

/** Where the settings are, and who said so. */
export interface SettingsLocation {
  /** Path of a file, or URL of a server, which may have a password in it. */
  readonly address: Secret;
  /** Nobody named a place, so the folder is Sandport's own and may be created. */
  readonly isDefault: boolean;
}

/** What may be shown of a location. */
export interface SettingsPlace {
  readonly kind: DatabaseKind;
  /** Without a password; for SQLite the path of the file. */
  readonly shown: string;
}

/** What settings are found by when nobody names them. */
export interface LocationContext {
  /** The variables of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}

/** The settings: `--settings`, else `SANDPORT_SETTINGS`, else `sandport/settings.sqlite` in the folder for configurations. */
export function locateSettings({ environment, homeFolder }: LocationContext, option: string | undefined): SettingsLocation {
  if (option === '') throw locationError('--settings: is empty.', 'Name the settings, or leave the option out.');
  if (option !== undefined) checkShowsNoPassword('--settings', option, 'SANDPORT_SETTINGS');
  const named = option ?? environment['SANDPORT_SETTINGS'] ?? '';
  if (named !== '') return { address: new Secret(named), isDefault: false };
  // The XDG specification says that a relative path there is to be ignored.
  const xdg = environment['XDG_CONFIG_HOME'] ?? '';
  const configFolder = isAbsolute(xdg) ? xdg : join(homeFolder, '.config');
  return { address: new Secret(join(configFolder, 'sandport', 'settings.sqlite')), isDefault: true };
}

/**
 * Refuses an address with a password on a command line, which everybody may see who may list processes.
 *
 * @throws SandboxError `REQUEST_INVALID`; it does not show the address.
 */
export function checkShowsNoPassword(option: string, address: string, variable: string): void {
  if (!URL.canParse(address) || new URL(address).password === '') return;
  throw locationError(
    `${option}: has a password in it, which every user of this machine can see in the list of processes.`,
    `Put the address into the variable ${variable} instead, and change the password if others use this machine.`,
  );
}

/**
 * What kind of database is at a location, and how it is shown. Nothing is opened.
 *
 * @throws SandboxError `REQUEST_INVALID` for a location that cannot be read.
 */
export function placeOf({ address }: SettingsLocation): SettingsPlace {
  const { kind, location } = openDatabase(address.reveal());
  return { kind, shown: location };
}

/** The settings file; `undefined` for settings on a server. */
export function settingsFile(location: SettingsLocation): string | undefined {
  const { kind, shown } = placeOf(location);
  return kind === 'sqlite' ? shown : undefined;
}
