import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { SandboxError } from '../errors/sandbox-error.ts';
import { describeIssue } from '../errors/describe-issue.ts';
import { jsonObjectSchema, type JsonObject } from '../json.ts';
import { parseLanguage, type Language } from '../language.ts';
import { relativePathSchema } from '../relative-path.ts';
import {
  EXECUTION_LIMIT_RANGES,
  REQUEST_LIMITS,
  SANDBOX_LIMIT_RANGES,
  type ExecutionLimits,
  type SandboxLimits,
} from './execution-limits.ts';
import type { OutputListener } from './output-chunk.ts';

/** What a caller may ask of the network. The contract's only promise today is `none`. */
export const NETWORK_POLICIES = ['none'] as const;

/** One of {@link NETWORK_POLICIES}. */
export type NetworkPolicy = (typeof NETWORK_POLICIES)[number];

/** What a program reads from its standard input: all of it, or pieces as they come. */
export type StandardInput = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** What a caller writes. Everything but the code has a default. */
export interface ExecutionRequestInput {
  /** Source text, at most 1 MiB. */
  readonly code: string;
  /** Any spelling of {@link LANGUAGE_ALIASES}. @default 'python' */
  readonly language?: string | undefined;
  /** Handed to `main`: as keyword arguments in Python, as one object in JavaScript. Data, never source. @default {} */
  readonly arguments?: JsonObject | undefined;
  /** Files laid into the work folder before the start: relative path to content. @default {} */
  readonly files?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** Variables added to the program's otherwise bare environment. @default {} */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /**
   * Standard input. A stream is read only as fast as the program reads, and is let go of when the program is over; when it fails, the call fails with
   * what it threw, and with `REQUEST_INVALID` for a piece that is neither text nor bytes. @default '' (at its end from the start)
   */
  readonly stdin?: StandardInput | undefined;
  /** Limits; see {@link ExecutionLimits} and {@link SandboxLimits}. */
  readonly limits?: (Partial<{ readonly [Name in keyof ExecutionLimits]: number | undefined }> & SandboxLimits) | undefined;
  /** @default 'none' */
  readonly network?: NetworkPolicy | undefined;
  /** On whose behalf; sandboxes are never shared between tenants. @default 'default' */
  readonly tenant?: string | undefined;
  /**
   * Longest wait for admission in milliseconds. A call that cannot be served in that time is refused at once with `CAPACITY_EXHAUSTED` and the time
   * after which to call again. @default the provider's configuration
   */
  readonly maxWaitMs?: number | undefined;
  /** Called with pieces of output while the program runs, in order. */
  readonly onOutput?: OutputListener | undefined;
}

/** A request that was checked and completed by {@link parseExecutionRequest}. */
export interface ExecutionRequest {
  readonly code: string;
  readonly language: Language;
  readonly arguments: JsonObject;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: ExecutionLimits;
  readonly sandboxLimits: SandboxLimits;
  readonly network: NetworkPolicy;
  readonly tenant: string;
  /** Bytes, or a stream of pieces. */
  readonly stdin: Uint8Array | AsyncIterable<string | Uint8Array>;
  readonly maxWaitMs: number | undefined;
  readonly onOutput: OutputListener | undefined;
}

const limit = (range: { min: number; max: number }) => z.int().min(range.min).max(range.max);
const limitWithDefault = (range: { min: number; max: number; default: number }) => limit(range).default(range.default);

const limitsSchema = z.strictObject({
  timeoutMs: limitWithDefault(EXECUTION_LIMIT_RANGES.timeoutMs),
  outputBytes: limitWithDefault(EXECUTION_LIMIT_RANGES.outputBytes),
  valueBytes: limitWithDefault(EXECUTION_LIMIT_RANGES.valueBytes),
  artifactCount: limitWithDefault(EXECUTION_LIMIT_RANGES.artifactCount),
  artifactBytes: limitWithDefault(EXECUTION_LIMIT_RANGES.artifactBytes),
  artifactTotalBytes: limitWithDefault(EXECUTION_LIMIT_RANGES.artifactTotalBytes),
  artifactDepth: limitWithDefault(EXECUTION_LIMIT_RANGES.artifactDepth),
  memoryBytes: limit(SANDBOX_LIMIT_RANGES.memoryBytes).optional(),
  processes: limit(SANDBOX_LIMIT_RANGES.processes).optional(),
  diskBytes: limit(SANDBOX_LIMIT_RANGES.diskBytes).optional(),
  cpus: z.number().min(SANDBOX_LIMIT_RANGES.cpus.min).max(SANDBOX_LIMIT_RANGES.cpus.max).optional(),
  openFiles: limit(SANDBOX_LIMIT_RANGES.openFiles).optional(),
});

const wellFormed = z.string().refine((text) => text.isWellFormed(), 'is not well-formed Unicode');

/** zod drops the key `__proto__` of a record without a word; what would be lost is refused. */
const withoutPrototypeKey = <Member>() =>
  z.custom<Record<string, Member>>(
    (value) => typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__'),
    'has the name "__proto__", which is not allowed',
  );

const requestSchema = z.strictObject({
  code: wellFormed.refine(
    (code) => Buffer.byteLength(code) <= REQUEST_LIMITS.codeBytes,
    `is larger than ${REQUEST_LIMITS.codeBytes} bytes`,
  ),
  language: z.string().default('python'),
  arguments: jsonObjectSchema
    .refine(
      (value) => Buffer.byteLength(JSON.stringify(value)) <= REQUEST_LIMITS.argumentsBytes,
      `is larger than ${REQUEST_LIMITS.argumentsBytes} bytes of JSON`,
    )
    .default({}),
  files: withoutPrototypeKey<string | Uint8Array>()
    .pipe(z.record(relativePathSchema, z.union([z.string(), z.instanceof(Uint8Array)], 'must be text or bytes')))
    .prefault({}),
  environment: withoutPrototypeKey<string>()
    .pipe(
      z.record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'is not a name of an environment variable'),
        wellFormed.refine((text) => !text.includes('\0'), 'contains a NUL'),
      ),
    )
    .prefault({}),
  stdin: z
    .custom<StandardInput>(
      (value) => typeof value === 'string' || value instanceof Uint8Array || isAsyncIterable(value),
      'must be text, bytes or a stream of these',
    )
    .refine((value) => sizeOf(value) <= REQUEST_LIMITS.stdinBytes, `is larger than ${REQUEST_LIMITS.stdinBytes} bytes; give a stream`)
    .default(''),
  limits: limitsSchema.prefault({}),
  network: z.enum(NETWORK_POLICIES).default('none'),
  tenant: z.string().min(1).max(REQUEST_LIMITS.tenantLength).default('default'),
  maxWaitMs: z.int().min(0).max(REQUEST_LIMITS.maxWaitMs).optional(),
  onOutput: z.custom<OutputListener>((value) => typeof value === 'function', 'must be a function').optional(),
});

function isAsyncIterable(value: unknown): value is AsyncIterable<string | Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function sizeOf(input: StandardInput): number {
  if (typeof input === 'string') return Buffer.byteLength(input);
  return input instanceof Uint8Array ? input.byteLength : 0;
}

/** Requests that were checked, with the names of the limits of execution that their callers wrote. */
const checkedRequests = new WeakMap<object, ReadonlySet<string>>();

/**
 * Checks a request and fills in the defaults. A request that came out of this function passes through unchanged, so
 * each layer may call it.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field, or `LANGUAGE_UNSUPPORTED`.
 */
export function parseExecutionRequest(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  if (typeof input === 'object' && checkedRequests.has(input)) return input as ExecutionRequest;
  const parsed = requestSchema.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error);
  const { limits, files, language, stdin, maxWaitMs, onOutput, ...rest } = parsed.data;
  const { memoryBytes, processes, diskBytes, cpus, openFiles, ...executionLimits } = limits;
  const request: ExecutionRequest = {
    ...rest,
    language: parseLanguage(language),
    files: checkFiles(files),
    environment: checkEnvironment(rest.environment),
    limits: executionLimits,
    sandboxLimits: { memoryBytes, processes, diskBytes, cpus, openFiles },
    stdin: typeof stdin === 'string' ? Buffer.from(stdin) : stdin,
    maxWaitMs,
    onOutput,
  };
  checkedRequests.set(request, namesOfOwnLimits(input));
  return request;
}

function namesOfOwnLimits(input: ExecutionRequestInput | ExecutionRequest): ReadonlySet<string> {
  return new Set(Object.entries(input.limits ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name])));
}

/**
 * A checked request whose defaults are no higher than these maxima. A limit that the caller wrote stays as it is, also when it is higher.
 *
 * @param maxima Each for itself; an absent one lowers nothing.
 */
export function lowerDefaultLimits(
  request: ExecutionRequest,
  maxima: { readonly [Name in keyof ExecutionLimits]?: number | undefined },
): ExecutionRequest {
  const own = checkedRequests.get(request) ?? new Set(Object.keys(request.limits));
  const limits: { -readonly [Name in keyof ExecutionLimits]: number } = { ...request.limits };
  for (const name of Object.keys(EXECUTION_LIMIT_RANGES) as (keyof ExecutionLimits)[]) {
    const most = Math.max(EXECUTION_LIMIT_RANGES[name].min, Math.floor(maxima[name] ?? limits[name]));
    if (!own.has(name)) limits[name] = Math.min(limits[name], most);
  }
  const lowered = { ...request, limits };
  checkedRequests.set(lowered, own);
  return lowered;
}

/**
 * The limits that the caller of a checked request wrote, of the call and of the sandbox: for whoever hands a request on to somebody with defaults of his own. Of a request
 * whose maker is not known, all of them.
 */
export function givenLimits(request: ExecutionRequest): NonNullable<ExecutionRequestInput['limits']> {
  const own = checkedRequests.get(request);
  const all = { ...request.limits, ...request.sandboxLimits };
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => value !== undefined && (own?.has(name) ?? true)));
}

function invalid(error: z.ZodError): SandboxError {
  const { field, message } = describeIssue(error, 'request');
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: `Correct "${field}" and call again; nothing was created or run.`,
    details: { field },
    cause: error,
  });
}

function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: `Correct "${field}" and call again; nothing was created or run.`,
    details: { field },
  });
}

function checkFiles(files: Readonly<Record<string, string | Uint8Array>>): ReadonlyMap<string, Uint8Array> {
  const contents = new Map(
    Object.entries(files).map(([path, content]) => [path, typeof content === 'string' ? Buffer.from(content) : content] as const),
  );
  if (contents.size > REQUEST_LIMITS.fileCount)
    throw refuse('files', `has ${contents.size} files; the most is ${REQUEST_LIMITS.fileCount}`);
  const totalBytes = [...contents.values()].reduce((sum, content) => sum + content.byteLength, 0);
  if (totalBytes > REQUEST_LIMITS.filesBytes) throw refuse('files', `has ${totalBytes} bytes; the most is ${REQUEST_LIMITS.filesBytes}`);
  for (const path of contents.keys()) {
    const parent = path
      .split('/')
      .slice(0, -1)
      .map((_, index, parts) => parts.slice(0, index + 1).join('/'))
      .find((folder) => contents.has(folder));
    if (parent !== undefined) throw refuse(`files.${path}`, `lies below "${parent}", which is a file`);
  }
  return contents;
}

function checkEnvironment(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(environment);
  if (entries.length > REQUEST_LIMITS.environmentCount)
    throw refuse('environment', `has ${entries.length} variables; the most is ${REQUEST_LIMITS.environmentCount}`);
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > REQUEST_LIMITS.environmentBytes)
    throw refuse('environment', `has ${bytes} bytes; the most is ${REQUEST_LIMITS.environmentBytes}`);
  return environment;
}
