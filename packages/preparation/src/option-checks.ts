import { SandboxError, type ProviderDefinition } from '@sandport/core';

/** How an option is refused. */
export type RefuseOption = (field: string, message: string) => SandboxError;

/** `REQUEST_INVALID` that names the option of an operation. */
export function refusedOption(operation: string, field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation,
    suggestion: `Correct "${field}" and call again; nothing was tried.`,
    details: { field },
  });
}

/** Whether a value can be taken for the definition of a provider. */
export function isDefinition(value: unknown): value is ProviderDefinition {
  if (typeof value !== 'object' || value === null) return false;
  return 'id' in value && typeof value.id === 'string' && value.id !== '' && 'create' in value && 'configSchema' in value;
}

/** A function that was given, or another. */
export function functionOr<Given extends (...parameters: never) => unknown>(
  name: string,
  given: Given | undefined,
  otherwise: Given,
  refuse: RefuseOption,
): Given {
  if (given !== undefined && typeof given !== 'function') throw refuse(name, 'must be a function');
  return given ?? otherwise;
}

/** A whole number from 1 that was given, or another. */
export function wholeNumberOr(
  name: string,
  given: number | undefined,
  { otherwise, max }: { readonly otherwise: number; readonly max: number },
  refuse: RefuseOption,
): number {
  if (given === undefined) return otherwise;
  if (!Number.isInteger(given) || given < 1 || given > max) throw refuse(name, `must be a whole number from 1 to ${max}`);
  return given;
}
