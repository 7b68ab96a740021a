import { jsonObjectSchema } from '@sandport/core';
import { z } from 'zod';

/**
 * What the five routes of the predecessor answer around their data. `code` is 0, or the HTTP status, which is also that of the answer: the predecessor answered every failure with 400.
 */
export function envelopeSchema<Data extends z.ZodType>(data: Data) {
  return z.strictObject({ code: z.int(), message: z.string(), data: data.nullable() });
}

export const listedProviderSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
});

/** One field, in the predecessor's words. */
export const listedFieldSchema = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'boolean', 'json']),
  required: z.boolean(),
  label: z.string(),
  description: z.string(),
  secret: z.boolean(),
  scope: z.enum(['runtime', 'deployment']),
  default: z.json().optional(),
  options: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  placeholder: z.string().optional(),
});

/** The active provider. Its secrets are left out, whatever they are. */
export const shownConfigSchema = z.strictObject({ provider_type: z.string().nullable(), config: jsonObjectSchema });

/** A secret field that is absent, empty or `null` stays as it is stored, since what was read has no secrets to send back. */
export const writeConfigBodySchema = z.strictObject({
  provider_type: z.string().min(1).max(128),
  config: jsonObjectSchema.default({}),
  set_active: z.boolean().default(true),
});

export const testConfigBodySchema = writeConfigBodySchema.omit({ set_active: true });

export const testedConfigSchema = z.strictObject({
  success: z.boolean(),
  message: z.string(),
  details: z.strictObject({
    exit_code: z.int().nullable(),
    /** Seconds. */
    execution_time: z.number(),
    stdout: z.string(),
    stderr: z.string(),
  }),
});
