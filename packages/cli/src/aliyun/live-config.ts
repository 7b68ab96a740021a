import { existsSync } from 'node:fs';
import { parseConfigText } from '@sandport/client';
import { configDigest, providerConfigSetting, type JsonObject } from '@sandport/core';
import type { SettingName } from '@sandport/provider-aliyun';
import type { CliContext } from '../cli-context.ts';
import { openStoredSettings } from '../settings/open-stored-settings.ts';
import { settingsFile, type SettingsLocation } from '../settings/settings-location.ts';
import { KEY_FIELDS, REQUIRED_FIELDS, SECRET_FIELDS } from './connection.ts';
import { environmentConnection } from './environment-connection.ts';
import { ALIYUN_PROVIDER_ID } from './provider-id.ts';

/** A configuration that reaches the service, or what it lacks. */
export interface LiveConfig {
  /** Whether any of it is stored; the environment gives what is not. */
  readonly isStored: boolean;
  /** With secrets in the clear. */
  readonly config: JsonObject;
  /** Digest of what is stored, or of the configuration itself where nothing is. */
  readonly digest: string;
  /** Fields that neither the settings nor the environment has. */
  readonly missing: readonly SettingName[];
}

/** The configuration with which a live account is reached: the stored one, and what it lacks from the environment, as the provider takes it. */
export async function findLiveConfig(context: CliContext, location: SettingsLocation): Promise<LiveConfig> {
  const stored = await readStored(context, location);
  const environment = environmentConnection(context.environment);
  // A stored key is whole: what lies in the environment belongs to another one.
  const hasKey = stored?.config['accessKeyId'] !== undefined;
  const given = Object.entries(environment).filter(([name]) => !(hasKey && KEY_FIELDS.some((field) => field === name)));
  const config: JsonObject = { ...Object.fromEntries(given), ...stored?.config };
  // A digest is shown, and is not to be a test for guessed secrets.
  const open = Object.fromEntries(Object.entries(config).filter(([name]) => !SECRET_FIELDS.some((field) => field === name)));
  return { isStored: stored !== undefined, config, digest: stored?.digest ?? configDigest(open), missing: missingIn(config) };
}

function missingIn(config: JsonObject): SettingName[] {
  const usesChain = config['credentialSource'] === 'default-chain';
  const knowsPlace = config['dataEndpoint'] !== undefined;
  return REQUIRED_FIELDS.filter((name) => config[name] === undefined).filter((name) => (name === 'accountId' ? !knowsPlace : !usesChain));
}

async function readStored(
  context: CliContext,
  location: SettingsLocation,
): Promise<{ readonly config: JsonObject; readonly digest: string } | undefined> {
  const path = settingsFile(location);
  // Settings that somebody has named must be there.
  if (location.isDefault && path !== undefined && !existsSync(path)) return undefined;
  const row = providerConfigSetting(ALIYUN_PROVIDER_ID);
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
