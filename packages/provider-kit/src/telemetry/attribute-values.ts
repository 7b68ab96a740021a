import { SandboxError } from '@sandport/core';
import { TELEMETRY_ATTRIBUTES, type AttributeKey } from './telemetry-names.ts';

/** Values of attributes by their keys. What is `undefined` is not set. */
export type AttributeValues = { readonly [Key in AttributeKey]?: string | boolean | undefined };

/** Attributes under the names that they have in telemetry. */
export function attributesOf(values: AttributeValues): Record<string, string | boolean> {
  const attributes: Record<string, string | boolean> = {};
  for (const [key, value] of Object.entries(values)) {
    // The keys of AttributeValues are those of the table.
    if (value !== undefined) attributes[TELEMETRY_ATTRIBUTES[key as AttributeKey].name] = value;
  }
  return attributes;
}

/** A failure's kind, as OpenTelemetry wants it: of few values. A message may quote what a caller or a program wrote, and is left out. */
export function errorTypeOf(error: unknown): string {
  return SandboxError.isInstance(error) ? error.code : '_OTHER';
}
