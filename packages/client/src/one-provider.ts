import { jsonObjectSchema, parseProviderConfig, SandboxError, type JsonObject } from '@sandport/core';
import type { SandboxClientOptions, StoredClientOptions } from './client-options.ts';
import { FixedSettings } from './configuration/fixed-settings.ts';

/** Options that have a meaning only where a configuration is stored. */
const STORED_ONLY = ['settings', 'providers', 'version', 'pollIntervalMs', 'reportUsage'] as const;

/**
 * A client with one provider follows settings that never change.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the option; `CONFIG_INVALID` naming the field of the configuration.
 */
export function asStoredOptions(options: SandboxClientOptions): StoredClientOptions {
  if (options.provider === undefined) {
    if (options.config !== undefined) throw refuse('config', 'is the configuration of "provider", which is missing');
    if (options.settings === undefined) throw refuse('settings', 'are missing, and there is no "provider"');
    return options;
  }
  const stray = STORED_ONLY.find((name) => options[name] !== undefined);
  if (stray !== undefined) throw refuse(stray, 'has no meaning beside "provider"');
  const { provider, config = {}, defaults, onWarning, wallClock } = options;
  if (typeof provider.create !== 'function') throw refuse('provider', 'must be the definition of a provider, as its package exports it');
  const own = jsonOf(config);
  // Asked for with the first call anyway; here the error can name where the field is written.
  parseProviderConfig(provider, own);
  return { settings: new FixedSettings(provider.id, own), providers: [provider], defaults, onWarning, wallClock, reportUsage: false };
}

function jsonOf(config: unknown): JsonObject {
  const parsed = jsonObjectSchema.safeParse(config);
  if (!parsed.success) throw refuse('config', 'must be a JSON object');
  return parsed.data;
}

function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: 'Hand over "provider", with "config" where it needs one, or "settings" with "providers".',
    details: { field },
  });
}
