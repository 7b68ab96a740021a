import { z } from 'zod';

/** That the policy was set aside for a version, by whom and why. */
export const policyOverrideSchema = z.strictObject({
  author: z.string().min(1),
  reason: z.string().min(1),
  /** Milliseconds since the epoch. */
  atMs: z.int().nonnegative(),
});

/** See {@link policyOverrideSchema}. */
export type PolicyOverride = z.output<typeof policyOverrideSchema>;

/** Which recorded version the rows in use come from: the value of {@link VERSION_SETTING}. */
export const activeVersionSchema = z.strictObject({
  number: z.int().positive(),
  /** Present when this version was activated although the policy spoke against it. */
  override: policyOverrideSchema.optional(),
});

/** See {@link activeVersionSchema}. */
export type ActiveVersion = z.output<typeof activeVersionSchema>;
