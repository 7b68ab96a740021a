import { InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '@sandport/http-service';
import { homedir } from 'node:os';
import { locateSettings, type SettingsLocation } from '@sandport/settings';
import type { AdminConfig } from '../config/admin-config.ts';
import { readConfig } from '../config/read-config.ts';

/** What of the command line is about the configuration. */
export interface ServeOptions {
  readonly config?: string;
  readonly settings?: string;
  readonly listen?: AdminConfig['listen'];
}

/** Where the server listens, and by what. */
export interface FoundConfig {
  readonly config: AdminConfig;
  readonly location: SettingsLocation;
}

/** The options of {@link ServeOptions}. */
export function serveOptions(): readonly Option[] {
  return [
    new Option('--config <file>', 'JSON file with the configuration').env('SANDPORT_ADMIN_CONFIG'),
    new Option(
      '--settings <place>',
      'the stored configuration: path of an SQLite file, or URL of a database without a password (also SANDPORT_SETTINGS, which may have one)',
    ),
    new Option('--listen <address:port>', 'where to listen; anything but this machine has to be said').argParser(parseListen),
  ];
}

/**
 * The configuration, with what the command line says over it, and the place of the settings.
 *
 * @throws SandboxError `CONFIG_INVALID`, `REQUEST_INVALID`.
 */
export function findConfig({ environment }: CommandContext, options: ServeOptions): FoundConfig {
  const read = readConfig({ file: options.config, environment });
  const config = options.listen === undefined ? read : { ...read, listen: options.listen };
  const variables = read.settings === undefined ? environment : { ...environment, SANDPORT_SETTINGS: read.settings };
  return { config, location: locateSettings({ environment: variables, homeFolder: homedir() }, options.settings) };
}

function parseListen(text: string): AdminConfig['listen'] {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > MAX_PORT)
    throw new InvalidArgumentError('It must be an address and a port, like 127.0.0.1:7420 or [::1]:7420.');
  return { host, port: Number(port) };
}

const MAX_PORT = 65_535;
