import { Buffer } from 'node:buffer';
import { jsonValueSchema, type ExecutionRequest, type JsonValue, type ProgramError } from '@sandport/core';
import { z } from 'zod';

/** What came over the value channel of a run. */
export type RunnerReport =
  | { readonly state: 'empty' }
  | { readonly state: 'none' }
  | { readonly state: 'value'; readonly value: JsonValue; readonly valueJson: string }
  | { readonly state: 'error'; readonly error: ProgramError }
  | { readonly state: 'too-large'; readonly sizeBytes: number }
  | { readonly state: 'malformed' };

const errorSchema = z.strictObject({ type: z.string(), message: z.string(), traceback: z.string() });
const tooLargeSchema = z.strictObject({ sizeBytes: z.int().nonnegative() });
const HEADER_BYTES = 5;
const MALFORMED: RunnerReport = { state: 'malformed' };

/** The job as a runner reads it: a 4-byte length and JSON. */
export function encodeRunnerJob(request: Pick<ExecutionRequest, 'code' | 'arguments' | 'environment' | 'limits'>): Uint8Array {
  const job = Buffer.from(
    JSON.stringify({
      code: request.code,
      arguments: request.arguments,
      environment: request.environment,
      valueBytes: request.limits.valueBytes,
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(job.length);
  return Buffer.concat([length, job]);
}

/** What a host writes behind the job of a JavaScript context to interrupt it. Python contexts take SIGINT. */
export const RUNNER_INTERRUPT: Uint8Array = Uint8Array.of(0xff, 0xff, 0xff, 0xff);

/** Reads a report strictly: the program can write here, so everything but a whole report is `malformed`. */
export function parseRunnerReport(bytes: Uint8Array): RunnerReport {
  if (bytes.byteLength === 0) return { state: 'empty' };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEADER_BYTES || buffer.readUInt32BE(1) !== buffer.length - HEADER_BYTES) return MALFORMED;
  const text = decodeUtf8(buffer.subarray(HEADER_BYTES));
  return text === undefined ? MALFORMED : parsePayload(buffer.toString('latin1', 0, 1), text);
}

function parsePayload(kind: string, text: string): RunnerReport {
  if (kind === 'N') return text === '' ? { state: 'none' } : MALFORMED;
  const json = parseJson(text);
  if (json === undefined) return MALFORMED;
  if (kind === 'V') {
    const value = jsonValueSchema.safeParse(json.value);
    return value.success ? { state: 'value', value: value.data, valueJson: text } : MALFORMED;
  }
  if (kind === 'E') {
    const error = errorSchema.safeParse(json.value);
    return error.success ? { state: 'error', error: error.data } : MALFORMED;
  }
  if (kind !== 'L') return MALFORMED;
  const tooLarge = tooLargeSchema.safeParse(json.value);
  return tooLarge.success ? { state: 'too-large', sizeBytes: tooLarge.data.sizeBytes } : MALFORMED;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
