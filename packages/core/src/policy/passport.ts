import { z } from 'zod';
import { EXECUTION_STATUSES } from '../execution/execution-result.ts';
import { NETWORK_POLICIES } from '../execution/execution-request.ts';
import { HARDENING_MEASURES, ISOLATION_KINDS } from '../isolation.ts';
import { LANGUAGES } from '../language.ts';

/** A limit that was tried: whether it ended the program that broke it, and what the result said. */
const provenLimitSchema = z.strictObject({
  limit: z.enum(['time', 'memory', 'processes', 'disk', 'output']),
  /** The value that was asked for, in the unit of the limit: milliseconds, bytes, or a number. */
  value: z.number().nonnegative(),
  /** Whether it really bit. */
  held: z.boolean(),
  /** Status of the result, or `null` when the limit refuses rather than ends. */
  status: z.enum(EXECUTION_STATUSES).nullable(),
});

/** A promise of the contract that was put to the test. */
const passportCaseSchema = z.strictObject({
  id: z.string().min(1),
  outcome: z.enum(['passed', 'failed', 'not-applicable']),
  message: z.string().optional(),
  durationMs: z.number().nonnegative(),
});

/**
 * What was found when a provider was tried with one very configuration: a dated record of measurements, not of promises. It is proof for the configuration with this digest and for no other.
 */
export const passportSchema = z.strictObject({
  /** Of this record's shape. */
  formatVersion: z.literal(1),
  providerId: z.string().min(1),
  /** `configDigest` of the configuration that was tried. */
  configDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Milliseconds since the epoch at which the trial was over. */
  madeAtMs: z.int().nonnegative(),
  /** How long the trial took. */
  durationMs: z.number().nonnegative(),
  /** Whether every chosen case passed and the provider was found able to work. Only then it counts as proof. */
  passed: z.boolean(),
  /** What was measured inside; `null` when nothing could be run. */
  isolation: z
    .strictObject({ kind: z.enum(ISOLATION_KINDS), measuredBy: z.string(), hardening: z.array(z.enum(HARDENING_MEASURES)).optional() })
    .nullable(),
  /** Languages in which a program really ran and gave the right value. */
  languages: z.array(z.enum(LANGUAGES)),
  /** Network policies that the provider declares. */
  network: z.array(z.enum(NETWORK_POLICIES)),
  limits: z.array(provenLimitSchema),
  /** Whole calls of a trivial program, one at a time, in milliseconds; `null` when none could be made. */
  latency: z.strictObject({ count: z.int().positive(), p50Ms: z.number(), p95Ms: z.number(), maxMs: z.number() }).nullable(),
  cases: z.array(passportCaseSchema),
  /** What stood in the way before any case could be run. */
  problem: z.string().optional(),
});

/** See {@link passportSchema}. */
export type Passport = z.output<typeof passportSchema>;
