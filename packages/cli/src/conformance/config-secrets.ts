import {
  describeConfig,
  parseProviderConfig,
  SandboxError,
  type JsonObject,
  type JsonValue,
  type ProviderDefinition,
} from '@sandport/core';

/** What of a configuration is secret. */
export interface ConfigSecrets {
  readonly secrets: readonly string[];
  /** Why the schema does not say which fields are secret. */
  readonly problem: SandboxError | undefined;
}

/**
 * The secrets of a configuration: those of the fields that the schema marks, and those that the provider wraps in a `Secret`. One whose fields cannot be described has the latter only: that
 * is no reason to try nothing else.
 */
export function configSecrets(definition: ProviderDefinition, config: JsonObject): ConfigSecrets {
  const parsed: unknown = parseProviderConfig(definition, config);
  const wrapped = typeof parsed === 'object' && parsed !== null ? Object.values(parsed).flatMap(revealedTexts) : [];
  try {
    const marked = describeConfig(definition.configSchema).filter(({ secret }) => secret);
    const texts = marked.flatMap(({ name }) => (Object.hasOwn(config, name) ? textsOf(config[name] ?? null) : []));
    return { secrets: [...new Set([...texts, ...wrapped])], problem: undefined };
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    return { secrets: [...new Set(wrapped)], problem: error };
  }
}

/** By its shape: the provider's `Secret` may be that of another copy of the contract. */
function revealedTexts(value: unknown): string[] {
  if (!canReveal(value)) return [];
  const text = value.reveal();
  return typeof text === 'string' ? [text] : [];
}

function canReveal(value: unknown): value is { readonly reveal: () => unknown } {
  return typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';
}

function textsOf(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
