import { errorPayloadSchema, passportSchema } from '@sandport/core';
import { z } from 'zod';

/** A configuration of a provider as a version has it. */
export const configurationReferenceSchema = z.strictObject({
  providerId: z.string().min(1).max(128),
  /** A draft, for example. `null`: the version in use. */
  version: z.int().positive().nullable().default(null),
});

/** What is to be tried. */
export const trialBodySchema = configurationReferenceSchema.extend({
  /** Ids of conformance cases or their beginnings; `all` takes minutes. Absent: those that depend on how a provider was set up, which take seconds. */
  cases: z.union([z.literal('all'), z.array(z.string().min(1).max(200)).min(1).max(500)]).optional(),
});

/** One thing that a trial has found out. */
export const trialFindingSchema = z.strictObject({
  kind: z.enum(['check', 'language', 'limit', 'latency', 'case']),
  id: z.string(),
  /** What was asked of the provider, in words. */
  title: z.string(),
  outcome: z.enum(['passed', 'warning', 'failed', 'not-applicable']),
  /** What was found. */
  message: z.string(),
  durationMs: z.number().nonnegative(),
  /** What the program printed, cut. */
  output: z.string().optional(),
  /** What to do about it. */
  remedy: z.string().optional(),
});

/** See {@link trialFindingSchema}. */
export type TrialFinding = z.output<typeof trialFindingSchema>;

/** Nothing has happened for a while, and the connection lives. */
export const aliveEventSchema = z.strictObject({ type: z.literal('alive') });

/** What was asked for could not be done. The answer ends here. */
export const errorEventSchema = z.strictObject({ type: z.literal('error'), error: errorPayloadSchema });

/** One event of a trial. Who goes away ends it. */
export const trialEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('progress'),
    step: z.string(),
    done: z.int().nonnegative(),
    total: z.int().nonnegative(),
    message: z.string(),
  }),
  z.strictObject({ type: z.literal('finding'), finding: trialFindingSchema }),
  aliveEventSchema,
  /** The end: the passport was written down, whether it passed or not. */
  z.strictObject({ type: z.literal('passport'), passport: passportSchema }),
  errorEventSchema,
]);

/** See {@link trialEventSchema}. */
export type TrialEvent = z.output<typeof trialEventSchema>;

/** The conformance cases that can be chosen. */
export const trialCasesAnswerSchema = z.strictObject({
  cases: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      area: z.string(),
      /** Whether it is among those of an ordinary trial. */
      isUsual: z.boolean(),
    }),
  ),
});

export const passportsQuerySchema = z.strictObject({
  provider: z.string().min(1).max(128),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const passportsAnswerSchema = z.strictObject({ passports: z.array(passportSchema) });

/** How the providers in use are now, as this program sees them from where it runs. */
export const healthAnswerSchema = z.strictObject({
  reports: z.array(
    z.strictObject({
      providerId: z.string(),
      status: z.enum(['healthy', 'degraded', 'unhealthy']),
      isolation: z.string().nullable(),
      checks: z.array(
        z.strictObject({
          name: z.string(),
          status: z.enum(['ok', 'warning', 'failed']),
          message: z.string(),
          remedy: z.string().optional(),
        }),
      ),
      checkedAtMs: z.int(),
      durationMs: z.number().nonnegative(),
    }),
  ),
});

/** See {@link healthAnswerSchema}. */
export type HealthAnswer = z.output<typeof healthAnswerSchema>;
