import { SandboxError, type ProviderDefinition, type SandboxErrorCode } from '@sandport/core';

/** Longest piece of what a caller wrote that an answer repeats. */
const MAX_QUOTED = 64;

/**
 * The definition of a provider that a body or a query names.
 *
 * @param field where it was named.
 * @throws SandboxError `REQUEST_INVALID` naming the field.
 */
export function carriedDefinition(providers: readonly ProviderDefinition[], id: string, field: string): ProviderDefinition {
  return find(providers, id) ?? refuse('REQUEST_INVALID', providers, id, field);
}

/**
 * The definition of the provider in a path.
 *
 * @throws SandboxError `PROVIDER_UNKNOWN`: there is nothing at that path.
 */
export function definitionAt(providers: readonly ProviderDefinition[], id: string): ProviderDefinition {
  return find(providers, id) ?? refuse('PROVIDER_UNKNOWN', providers, id, 'provider');
}

function find(providers: readonly ProviderDefinition[], id: string): ProviderDefinition | undefined {
  return providers.find((each) => each.id === id);
}

function refuse(code: SandboxErrorCode, providers: readonly ProviderDefinition[], id: string, field: string): never {
  const carried = providers.map((each) => each.id);
  throw new SandboxError(code, `Unknown provider: ${id.slice(0, MAX_QUOTED)}`, {
    operation: 'findProvider',
    suggestion: `Choose one of: ${carried.join(', ')}.`,
    details: { field, carried },
  });
}

/**
 * The number of a version as it stands in a path.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field.
 */
export function versionNumberOf(value: string | number): number {
  const text = String(value);
  const number = Number(text);
  if (/^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new SandboxError('REQUEST_INVALID', 'version: is not the number of a version.', {
    suggestion: 'Choose one that the history lists.',
    details: { field: 'version' },
  });
}

/**
 * Carries work out that looks for a version, or a configuration in it, which a body or a query named: that there is none is the fault of what was sent. A master key that is not there
 * has the same code, and is no such fault.
 */
export async function namedByCaller<Value>(work: Promise<Value>, field: string): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'CONFIG_MISSING') throw error;
    throw Object.hasOwn(error.details ?? {}, 'version') ? asRequestFault(error, field) : error;
  }
}

/** The same failure as the fault of what was sent. */
export function asRequestFault(error: SandboxError, field: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', error.message, {
    ...(error.suggestion === undefined ? {} : { suggestion: error.suggestion }),
    ...(error.providerId === undefined ? {} : { providerId: error.providerId }),
    ...(error.operation === undefined ? {} : { operation: error.operation }),
    details: { field, ...error.details },
    cause: error,
  });
}
