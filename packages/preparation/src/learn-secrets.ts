import { parseProviderConfig, type JsonObject, type ProviderDefinition } from '@sandport/core';
import { secretsOf } from './config-secrets.ts';
import type { SecretScrubber } from './secret-scrubber.ts';

/**
 * The secrets of a configuration as it is stored and as its schema gives it; the scrubber knows them from then on. Nothing is to be made of a configuration whose secrets are
 * not known.
 *
 * @throws SandboxError `CONFIG_INVALID`; the scrubber knows the stored ones then.
 */
export function learnSecrets(definition: ProviderDefinition, config: JsonObject, scrubber: SecretScrubber): readonly string[] {
  const stored = secretsOf(definition, config);
  scrubber.add(stored);
  const given = secretsOf(definition, parseProviderConfig(definition, config));
  scrubber.add(given);
  return [...new Set([...stored, ...given])];
}
