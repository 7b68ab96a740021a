import type { z } from 'zod';
import { describeIssue } from './errors/describe-issue.ts';
import { SandboxError } from './errors/sandbox-error.ts';
import type { Language } from './language.ts';
import type { SandboxProvider } from './provider.ts';
import { providerConfigSetting, providerOfSetting } from './settings/setting-names.ts';

/** What a provider package exports: data that describes it, and a factory. */
export interface ProviderDefinition<Schema extends z.ZodType = z.ZodType> {
  /** As stored in the configuration. Lower case, digits and `_`. */
  readonly id: string;
  readonly displayName: string;
  /** One or two sentences for the operator who chooses. */
  readonly description: string;
  readonly tags: readonly string[];
  readonly languages: readonly Language[];
  /** Strict schema of the configuration. Both the validation and the operator's form come from it. */
  readonly configSchema: Schema;
  /** Makes a provider from a checked configuration, without I/O. */
  create(config: z.output<Schema>): SandboxProvider;
}

/** Keeps the schema's type while checking the shape of a definition. */
export function defineProvider<Schema extends z.ZodType>(definition: ProviderDefinition<Schema>): ProviderDefinition<Schema> {
  if (providerOfSetting(providerConfigSetting(definition.id)) !== definition.id) {
    throw new SandboxError('INTERNAL', `"${definition.id}" cannot be the id of a provider.`, {
      suggestion:
        'Use lower-case letters, digits and "_", beginning with a letter, and none of the names that the settings keep for themselves.',
    });
  }
  return Object.freeze(definition);
}

/**
 * Checks a configuration against a definition and makes the provider.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the field; values are not quoted, since they may be secrets.
 */
export function createProvider<Schema extends z.ZodType>(definition: ProviderDefinition<Schema>, config: unknown): SandboxProvider {
  return definition.create(parseProviderConfig(definition, config));
}

/**
 * The checked and completed configuration.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the field.
 */
export function parseProviderConfig<Schema extends z.ZodType>(definition: ProviderDefinition<Schema>, config: unknown): z.output<Schema> {
  const parsed = definition.configSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'config');
  throw new SandboxError('CONFIG_INVALID', `${field}: ${message} (configuration of "${definition.id}").`, {
    providerId: definition.id,
    operation: 'configure',
    suggestion: `Correct the field "${field}" in the configuration of "${definition.id}".`,
    details: { field, providerId: definition.id },
    cause: parsed.error,
  });
}
