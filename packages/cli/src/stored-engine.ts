import { parseConfigText } from '@sandport/client';
import { providerConfigSetting, Secret, SandboxError } from '@sandport/core';
import type { EngineAccess } from '@sandport/provider-docker';
import type { SettingsLocation } from '@sandport/settings';
import type { CliContext } from './cli-context.ts';
import { openStoredSettings } from './settings/open-stored-settings.ts';

/** The way to the engine that the docker provider's stored configuration names; without stored settings it names none. */
export async function storedEngineAccess(context: CliContext, location: SettingsLocation): Promise<EngineAccess> {
  const row = providerConfigSetting('docker');
  const { signal } = context;
  const settings = openStoredSettings(context, location);
  try {
    const text = (await settings.read([row], { signal })).get(row)?.value;
    const config = text === undefined ? {} : await settings.unseal(row, parseConfigText(row, text), { signal });
    const tlsKey = textOf(config['tlsKey']);
    return {
      dockerHost: textOf(config['dockerHost']),
      tlsCa: textOf(config['tlsCa']),
      tlsCert: textOf(config['tlsCert']),
      tlsKey: tlsKey === undefined ? undefined : new Secret(tlsKey),
    };
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === 'CONFIG_MISSING') return { dockerHost: undefined };
    throw error;
  } finally {
    await settings.close();
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
