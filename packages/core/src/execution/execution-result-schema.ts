import { z } from 'zod';
import { SandboxError } from '../errors/sandbox-error.ts';
import { describeIssue } from '../errors/describe-issue.ts';
import { HARDENING_MEASURES, ISOLATION_KINDS } from '../isolation.ts';
import { jsonValueSchema, type JsonObject } from '../json.ts';
import { LANGUAGES } from '../language.ts';
import { ARTIFACT_OMISSION_REASONS } from './artifact.ts';
import type { ExecutionResult } from './execution-result.ts';

const observer = z.enum(['host', 'engine', 'supervisor']);
const stream = z.enum(['stdout', 'stderr']);
const hardening = z.array(z.enum(HARDENING_MEASURES)).optional();
const isolation = z.enum(ISOLATION_KINDS);

const evidenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exit'), observer, exitCode: z.int().nullable(), signal: z.string().nullable() }),
  z.strictObject({ kind: z.literal('timer'), observer, limitMs: z.number(), elapsedMs: z.number() }),
  z.strictObject({
    kind: z.literal('out-of-memory'),
    observer,
    source: z.enum(['engine-event', 'engine-state', 'cgroup-v1-oom-kill', 'cgroup-v2-oom-kill', 'engine-report', 'wasm-memory-gate']),
    limitBytes: z.number().nullable(),
    kills: z.number().nullable(),
  }),
  z.strictObject({ kind: z.literal('output-limit'), observer, stream, limitBytes: z.number() }),
  z.strictObject({
    kind: z.literal('limit'),
    observer,
    limit: z.enum(['processes', 'disk', 'cpus']),
    source: z.enum(['cgroup-v1-pids-events', 'cgroup-v2-pids-events', 'cgroup-v1-cpu-stat', 'cgroup-v2-cpu-stat', 'file-system']),
    count: z.number().nullable(),
  }),
  z.strictObject({ kind: z.literal('abort'), observer: z.literal('host') }),
  z.strictObject({ kind: z.literal('sandbox-end'), observer, exitCode: z.int().nullable() }),
  z.strictObject({ kind: z.literal('isolation'), observer, isolation, measuredBy: z.string(), hardening }),
  z.strictObject({ kind: z.literal('value-channel'), observer, state: z.enum(['empty', 'value', 'error', 'malformed', 'too-large']) }),
]);

/** Bytes travel as base64, since JSON has none. */
const artifactSchema = z
  .strictObject({ path: z.string(), mediaType: z.string(), sizeBytes: z.int().nonnegative(), content: z.base64() })
  .transform((artifact) => ({ ...artifact, content: new Uint8Array(Buffer.from(artifact.content, 'base64')) }))
  .refine(({ content, sizeBytes }) => content.byteLength === sizeBytes, 'does not have the size that it names');

/** Schemas of what every result carries. */
export const executionFactSchemas = {
  stdout: z.string(),
  stderr: z.string(),
  truncated: z.strictObject({ stdout: z.boolean(), stderr: z.boolean() }),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  artifacts: z.strictObject({
    files: z.array(artifactSchema),
    omitted: z.array(z.strictObject({ path: z.string(), reason: z.enum(ARTIFACT_OMISSION_REASONS), sizeBytes: z.number().nullable() })),
    complete: z.boolean(),
  }),
  clock: z.strictObject({
    queueMs: z.number(),
    claimMs: z.number(),
    startMs: z.number(),
    runMs: z.number(),
    collectMs: z.number(),
    totalMs: z.number(),
  }),
  evidence: z.array(evidenceSchema).min(1),
  isolation: z.strictObject({ kind: isolation, measuredBy: z.string(), hardening }),
  providerId: z.string(),
  language: z.enum(LANGUAGES),
};

const withoutError = { error: z.null() };

/** Schema of an error that the program met. */
export const programErrorSchema = z.strictObject({ type: z.string(), message: z.string(), traceback: z.string() });

/** What {@link encodeExecutionResult} writes. Its output must be {@link ExecutionResult}, which a test of the types holds it to. */
export const executionResultSchema = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('completed'),
    ...withoutError,
    ...executionFactSchemas,
    value: jsonValueSchema.optional(),
    valueJson: z.string().optional(),
  }),
  z.strictObject({
    status: z.literal('failed'),
    error: programErrorSchema,
    ...executionFactSchemas,
  }),
  z.strictObject({ status: z.literal('timed-out'), ...withoutError, ...executionFactSchemas }),
  z.strictObject({ status: z.literal('out-of-memory'), ...withoutError, ...executionFactSchemas }),
  z.strictObject({ status: z.literal('output-limit-exceeded'), ...withoutError, ...executionFactSchemas }),
  z.strictObject({ status: z.literal('cancelled'), ...withoutError, ...executionFactSchemas }),
  z.strictObject({ status: z.literal('killed'), ...withoutError, ...executionFactSchemas }),
]);

/** The result as plain JSON, with artifacts in base64: for a wire or a table. {@link decodeExecutionResult} reads it. */
export function encodeExecutionResult(result: ExecutionResult): JsonObject {
  const files = result.artifacts.files.map((file) => ({ ...file, content: Buffer.from(file.content).toString('base64') }));
  // What is `undefined` is left out by JSON itself. Nothing is checked: a value of the greatest depth lies one level deeper here than a check would take.
  return JSON.parse(JSON.stringify({ ...result, artifacts: { ...result.artifacts, files } })) as JsonObject;
}

/**
 * The result that {@link encodeExecutionResult} wrote.
 *
 * @throws SandboxError `RESPONSE_INVALID` naming the field, for anything else.
 */
export function decodeExecutionResult(json: unknown): ExecutionResult {
  const parsed = executionResultSchema.safeParse(json);
  if (parsed.success) return parsed.data as ExecutionResult;
  const { field, message } = describeIssue(parsed.error, 'result');
  throw new SandboxError('RESPONSE_INVALID', `${field}: ${message} (result of an execution).`, {
    operation: 'decodeResult',
    suggestion: 'Check that both sides run compatible versions of Sandport.',
    details: { field },
    cause: parsed.error,
  });
}
