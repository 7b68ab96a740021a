import {
  activeVersionSchema,
  describeIssue,
  FALLBACK_SETTING,
  jsonObjectSchema,
  passportSchema,
  POLICY_SETTING,
  sandboxPolicySchema,
  VERSION_SETTING,
  type ActiveVersion,
  type JsonObject,
  type Passport,
  type SandboxPolicy,
} from '@sandport/core';
import { z } from 'zod';
import { brokenRow, looksLikeId, unknownShape } from './row-errors.ts';

/** More providers than anybody carries. */
const MAX_FALLBACKS = 32;

const fallbackSchema = z
  .array(z.string().refine(looksLikeId, 'is not the id of a provider'), 'must be an array of ids of providers')
  .max(MAX_FALLBACKS);

/**
 * The JSON object that a configuration row holds.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the row. The text is not quoted, nor the parser's finding, which would quote it.
 */
export function parseConfigText(row: string, text: string): JsonObject {
  const config = jsonObjectSchema.safeParse(parseJson(row, text));
  if (!config.success) throw brokenRow(row, 'is not a JSON object');
  return config.data;
}

/** The row `sandbox.policy`. @throws SandboxError `CONFIG_INVALID` naming the row and the field. */
export function parsePolicyText(text: string): SandboxPolicy {
  return parseRow(POLICY_SETTING, text, sandboxPolicySchema);
}

/** The row `sandbox.fallback`. @throws SandboxError `CONFIG_INVALID` naming the row and the field. */
export function parseFallbackText(text: string): readonly string[] {
  return parseRow(FALLBACK_SETTING, text, fallbackSchema);
}

/** The row `sandbox.version`. @throws SandboxError `CONFIG_INVALID` naming the row and the field. */
export function parseVersionText(text: string): ActiveVersion {
  return parseRow(VERSION_SETTING, text, activeVersionSchema);
}

/** The passport of a provider; `undefined` for anything that is not one of its own: what cannot be read proves nothing. */
export function parsePassportText(providerId: string, text: string): Passport | undefined {
  const json = tryJson(text);
  const passport = json === undefined ? undefined : passportSchema.safeParse(json.value).data;
  return passport?.providerId === providerId ? passport : undefined;
}

function parseRow<Schema extends z.ZodType>(row: string, text: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(row, text));
  if (!parsed.success) throw unknownShape(row, describeIssue(parsed.error, 'value'));
  return parsed.data;
}

function parseJson(row: string, text: string): unknown {
  const json = tryJson(text);
  if (json === undefined) throw brokenRow(row, 'is not valid JSON');
  return json.value;
}

function tryJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
