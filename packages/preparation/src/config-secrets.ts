import { describeConfig, Secret, type ProviderDefinition } from '@sandport/core';

/**
 * Every text in the fields of a configuration that its schema marks as secret. The configuration may be as it is stored, or as the schema gives it.
 *
 * @throws SandboxError `INTERNAL` when the schema cannot be described.
 */
export function secretsOf({ configSchema }: ProviderDefinition, config: unknown): string[] {
  const secretNames = describeConfig(configSchema)
    .filter(({ secret }) => secret)
    .map(({ name }) => name);
  if (typeof config !== 'object' || config === null) return [];
  return secretNames.flatMap((name) => (Object.hasOwn(config, name) ? textsOf(Reflect.get(config, name)) : []));
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
  if (value instanceof Secret) return [value.reveal()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
