import { parseConfigText } from '@sandport/client';
import { parseProviderConfig, PROVIDER_TYPE_SETTING, providerConfigSetting, SandboxError, type Setting } from '@sandport/core';
import { carriedProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { locateSettings, openWritableSettings } from '../settings-location.ts';
import { usageError } from '../usage-error.ts';

/** Options of `sandport config use`. */
export interface ConfigUseOptions {
  readonly settings?: string;
}

/** Chooses a provider, and gives it an empty configuration when it has none, in one transaction. */
export async function useProvider(context: CliContext, providerId: string, options: ConfigUseOptions): Promise<void> {
  const definition = carriedProvider(context.providers, providerId);
  const row = providerConfigSetting(definition.id);
  const location = locateSettings(context, options.settings);
  const settings = openWritableSettings(location);
  try {
    const stored = (await settings.read([row], { signal: context.signal })).get(row);
    const config = stored === undefined ? {} : parseConfigText(row, stored.value);
    try {
      parseProviderConfig(definition, config);
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      throw usageError(`${error.message} Nothing was stored.`, `First: sandport config set ${definition.id} KEY=VALUE`, error);
    }
    const chosen: Setting = { name: PROVIDER_TYPE_SETTING, source: 'cli', dataType: 'string', value: definition.id };
    const defaults: Setting = { name: row, source: 'cli', dataType: 'json', value: '{}' };
    await settings.write(stored === undefined ? [chosen, defaults] : [chosen], { signal: context.signal });
  } finally {
    await settings.close();
  }
  context.stdout.write(`Code now runs on "${definition.id}" (${definition.displayName}).\n`);
  context.stderr.write(`Stored in ${location.path}. Look whether it is ready with: sandport doctor\n`);
}
