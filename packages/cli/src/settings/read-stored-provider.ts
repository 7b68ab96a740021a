import { existsSync } from 'node:fs';
import { parseConfigText } from '@sandport/client';
import { configDigest, providerConfigSetting, type JsonObject } from '@sandport/core';
import { settingsFile, type SettingsLocation } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { openStoredSettings } from './open-stored-settings.ts';

/** A provider's configuration as it is stored. */
export interface StoredProviderConfig {
  /** With secrets in the clear. */
  readonly config: JsonObject;
  /** Digest of what is stored, where secrets are sealed. */
  readonly digest: string;
}

/**
 * The stored configuration of a provider; `undefined` where there is none, also where nobody has named settings and none have been made.
 *
 * @throws SandboxError `CONFIG_MISSING` for settings that were named and are not there, `CONFIG_INVALID`, `SECRET_UNREADABLE`.
 */
export async function readStoredProvider(
  context: CliContext,
  providerId: string,
  location: SettingsLocation,
): Promise<StoredProviderConfig | undefined> {
  const path = settingsFile(location);
  // Settings that somebody has named must be there.
  if (location.isDefault && path !== undefined && !existsSync(path)) return undefined;
  const row = providerConfigSetting(providerId);
  const { signal } = context;
  const settings = openStoredSettings(context, location);
  try {
    const text = (await settings.read([row], { signal })).get(row)?.value;
    if (text === undefined) return undefined;
    const config = parseConfigText(row, text);
    return { config: await settings.unseal(row, config, { signal }), digest: configDigest(config) };
  } finally {
    await settings.close();
  }
}
