import type { JsonObject, ProviderDefinition } from '@sandport/core';
import { secretsOf } from './config-secrets.ts';
import { SecretScrubber } from './secret-scrubber.ts';

/**
 * Takes the secrets of a configuration, and pieces of them, out of texts. The configuration is given as it would be used, with its secrets in the clear.
 *
 * @throws SandboxError `INTERNAL` when the schema cannot be described.
 */
export function scrubberOf(definition: ProviderDefinition, config: JsonObject): (text: string) => string {
  const scrubber = new SecretScrubber();
  scrubber.add(secretsOf(definition, config));
  return (text) => scrubber.scrub(text);
}
