import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { ARTIFACT_OMISSION_REASONS } from '../execution/artifact.ts';
import { executionFactSchemas, programErrorSchema } from '../execution/execution-result-schema.ts';
import { EXECUTION_STATUSES } from '../execution/execution-result.ts';
import { NETWORK_POLICIES } from '../execution/execution-request.ts';
import { jsonObjectSchema, jsonValueSchema } from '../json.ts';
import { relativePathSchema } from '../relative-path.ts';

/** Largest record as JSON text, in bytes of UTF-8. */
export const MAX_RECORD_BYTES = 128 * 1024 * 1024;

/** The pattern of zod's own base64 backtracks on texts of this size; reading and writing them again does not. */
const base64Schema = z
  .string()
  .refine((text) => text === '' || Buffer.from(text, 'base64').toString('base64') === text, 'is not base64 (with its padding)');

const nameSchema = z.string().min(1).max(200).nullable();
const limitSchema = z.number().nonnegative().optional();

const requestSchema = z.strictObject({
  language: executionFactSchemas.language,
  /** `main`: its `main` was called and gave the value. `script`: it has none. `null`: the program did not come far enough to tell. */
  entry: z.enum(['main', 'script']).nullable(),
  code: z.string(),
  arguments: jsonObjectSchema,
  stdinBase64: base64Schema,
  files: z
    .array(z.strictObject({ path: relativePathSchema, contentBase64: base64Schema }))
    .max(1000)
    .refine((files) => new Set(files.map(({ path }) => path)).size === files.length, 'has a path twice'),
  /** Names only: their values may be secrets. */
  environmentNames: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'is not a name of an environment variable')).max(1000),
  /** Those that the caller asked for. The others were the contract's or the provider's defaults. */
  limits: z.strictObject({
    timeoutMs: limitSchema,
    outputBytes: limitSchema,
    valueBytes: limitSchema,
    artifactCount: limitSchema,
    artifactBytes: limitSchema,
    artifactTotalBytes: limitSchema,
    artifactDepth: limitSchema,
    memoryBytes: limitSchema,
    processes: limitSchema,
    diskBytes: limitSchema,
    cpus: limitSchema,
    openFiles: limitSchema,
  }),
  network: z.enum(NETWORK_POLICIES),
});

const artifactsSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      path: relativePathSchema,
      mediaType: z.string(),
      sizeBytes: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hexadecimal digits'),
    }),
  ),
  omitted: z.array(z.strictObject({ path: z.string(), reason: z.enum(ARTIFACT_OMISSION_REASONS), sizeBytes: z.number().nullable() })),
  complete: z.boolean(),
});

const { stdout, stderr, truncated, exitCode, signal, clock, evidence, isolation, providerId } = executionFactSchemas;

const resultSchema = z
  .strictObject({
    status: z.enum(EXECUTION_STATUSES),
    error: programErrorSchema.nullable(),
    /** The value as exact JSON text; `null` when there is none. */
    valueJson: z.string().refine(isJson, 'is not JSON').nullable(),
    stdout,
    stderr,
    truncated,
    exitCode,
    signal,
    artifacts: artifactsSchema,
    clock,
    evidence,
  })
  .refine(({ status, error }) => (status === 'failed') === (error !== null), {
    path: ['error'],
    error: 'is there without a failure, or missing with one',
  })
  .refine(({ status, valueJson }) => status === 'completed' || valueJson === null, {
    path: ['valueJson'],
    error: 'is there although the program did not complete',
  });

/**
 * One call as it was: what was asked for, where it ran, and what came of it. There are no secrets of the configuration in it and no values of environment variables; what
 * the program was given and what it printed is in it as it is.
 */
export const executionRecordSchema = z.strictObject({
  /** Of this record's shape. */
  formatVersion: z.literal(1),
  /** Milliseconds since the epoch at which the record was made. */
  recordedAtMs: z.int().nonnegative(),
  /** Where they were known to who made the record. */
  versions: z.strictObject({ sandport: nameSchema, provider: nameSchema, interpreter: nameSchema }),
  provider: z.strictObject({
    id: providerId.min(1).max(200),
    isolation,
    /** Of the image that the sandbox was made of, where the provider has one and it was known. */
    imageDigest: nameSchema,
  }),
  request: requestSchema,
  result: resultSchema,
});

/** See {@link executionRecordSchema}. */
export type ExecutionRecord = z.output<typeof executionRecordSchema>;

function isJson(text: string): boolean {
  try {
    return jsonValueSchema.safeParse(JSON.parse(text)).success;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
