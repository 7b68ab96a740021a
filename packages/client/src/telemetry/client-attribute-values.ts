import { SandboxError } from '@sandport/core';
import { CLIENT_TELEMETRY_ATTRIBUTES, type ClientAttributeKey } from './client-telemetry-names.ts';

/** Values of attributes by their keys. What is `undefined` is not set. */
export type ClientAttributeValues = { readonly [Key in ClientAttributeKey]?: string | undefined };

/** Attributes under the names that they have in telemetry. */
export function clientAttributesOf(values: ClientAttributeValues): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    // The keys of ClientAttributeValues are those of the table.
    if (value !== undefined) attributes[CLIENT_TELEMETRY_ATTRIBUTES[key as ClientAttributeKey].name] = value;
  }
  return attributes;
}

/** A failure's kind, as OpenTelemetry wants it: of few values. A message may quote what a caller or a program wrote, and is left out. */
export function clientErrorTypeOf(error: unknown): string {
  return SandboxError.isInstance(error) ? error.code : '_OTHER';
}
