import { EXECUTION_STATUSES } from '@sandport/core';
import { z } from 'zod';

export const usageQuerySchema = z.strictObject({
  /** How far back, in minutes. */
  minutes: z.coerce.number().int().min(5).max(10_080).default(60),
});

const count = z.int().nonnegative();

/** What was called of one provider in one step of time. */
export const usagePointSchema = z.strictObject({
  /** Beginning of the step. */
  atMs: z.int(),
  providerId: z.string(),
  /** Calls whose program ran, by what became of it. */
  statuses: z.partialRecord(z.enum(EXECUTION_STATUSES), count),
  /** Calls that we could not serve, by code. */
  errors: z.record(z.string(), count),
  /** Of calls whose program ran, from the call to its result. Estimated from a histogram; `null` where there was none. */
  latency: z.strictObject({ p50Ms: z.number(), p95Ms: z.number() }).nullable(),
  /** Highest numbers that a program reported in the step, added up over programs; `null` for providers without a pool. */
  pool: z.strictObject({ idle: count, busy: count, starting: count, waiting: count }).nullable(),
});

/** See {@link usagePointSchema}. */
export type UsagePoint = z.output<typeof usagePointSchema>;

/** What programs that follow the stored configuration have reported. */
export const usageAnswerSchema = z.strictObject({
  fromMs: z.int(),
  toMs: z.int(),
  stepMs: z.int().positive(),
  /** In order of time; a step without calls has none. */
  points: z.array(usagePointSchema),
  /** Programs that have reported within the last two minutes. */
  clients: z.int().nonnegative(),
});

/** See {@link usageAnswerSchema}. */
export type UsageAnswer = z.output<typeof usageAnswerSchema>;
