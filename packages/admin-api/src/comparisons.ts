import { EXECUTION_STATUSES, LANGUAGES } from '@sandport/core';
import { z } from 'zod';
import { aliveEventSchema, configurationReferenceSchema, errorEventSchema } from './trials.ts';

/** A program of the corpus. */
export const corpusProgramSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  language: z.enum(LANGUAGES),
  code: z.string(),
});

/** See {@link corpusProgramSchema}. */
export type CorpusProgram = z.output<typeof corpusProgramSchema>;

export const corpusAnswerSchema = z.strictObject({ programs: z.array(corpusProgramSchema) });

export const comparisonBodySchema = z.strictObject({
  left: configurationReferenceSchema,
  right: configurationReferenceSchema,
  /** Ids of programs of the corpus. Absent: every one. */
  programs: z.array(z.string().min(1).max(200)).min(1).max(500).optional(),
});

/** In what two outcomes of one program can differ, the gravest first. */
export const DIFFERENCE_KINDS = ['status', 'value', 'output', 'files', 'time'] as const;

/** What came of a program on one side. */
export const comparedOutcomeSchema = z.strictObject({
  /** `null`: it was not run, and `refusal` says why. */
  status: z.enum(EXECUTION_STATUSES).nullable(),
  refusal: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** The value as JSON text, cut; `null` where there is none. */
  value: z.string().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  /** Type and message of the program's error. */
  error: z.string().nullable(),
  files: z.array(z.strictObject({ path: z.string(), sizeBytes: z.int().nonnegative(), sha256: z.string() })),
  totalMs: z.number().nonnegative(),
});

/** See {@link comparedOutcomeSchema}. */
export type ComparedOutcome = z.output<typeof comparedOutcomeSchema>;

export const outcomeDifferenceSchema = z.strictObject({
  kind: z.enum(DIFFERENCE_KINDS),
  /** One sentence. */
  message: z.string(),
});

/** See {@link outcomeDifferenceSchema}. */
export type OutcomeDifference = z.output<typeof outcomeDifferenceSchema>;

/** One event of a comparison. Who goes away ends it. */
export const comparisonEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('began'), total: z.int().nonnegative() }),
  z.strictObject({
    type: z.literal('compared'),
    program: corpusProgramSchema.omit({ code: true }),
    left: comparedOutcomeSchema,
    right: comparedOutcomeSchema,
    differences: z.array(outcomeDifferenceSchema),
  }),
  aliveEventSchema,
  z.strictObject({ type: z.literal('ended'), programs: z.int().nonnegative(), differing: z.int().nonnegative() }),
  errorEventSchema,
]);

/** See {@link comparisonEventSchema}. */
export type ComparisonEvent = z.output<typeof comparisonEventSchema>;
