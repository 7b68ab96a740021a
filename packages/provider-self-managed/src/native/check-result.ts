import { Buffer, constants } from 'node:buffer';
import { MAX_PATH_BYTES, REQUEST_LIMITS, type ExecutionRequest, type ExecutionResult } from '@sandport/core';

/** Bytes of JSON that a byte of text takes at most: `\u0000`. */
const ESCAPED_BYTES = 6;
const MEBIBYTE = 1024 * 1024;

/** Errors with their tracebacks, evidence and everything else whose size no limit says. */
const FRAME_BYTES = 8 * MEBIBYTE;
/** Names in an artifact's entry, or in that of an omission. */
const ENTRY_BYTES = MAX_PATH_BYTES * ESCAPED_BYTES + 512;
const MOST_OMISSIONS = 1000;

/** Most bytes that an event of an execution can have. */
export function longestEventBytes({ limits }: ExecutionRequest): number {
  const { outputBytes, valueBytes, artifactCount, artifactTotalBytes } = limits;
  const output = 2 * outputBytes * ESCAPED_BYTES;
  // Once as JSON, and once as text that holds it.
  const value = 3 * valueBytes;
  const artifacts = Math.ceil((artifactTotalBytes * 4) / 3) + (artifactCount + MOST_OMISSIONS) * ENTRY_BYTES;
  return Math.min(FRAME_BYTES + output + value + artifacts, constants.MAX_STRING_LENGTH);
}

/** Names the field of a result that cannot be that of its request, and says what is wrong with it. */
export function findLie(
  result: ExecutionResult,
  request: ExecutionRequest,
): { readonly field: string; readonly message: string } | undefined {
  const { limits } = request;
  if (result.language !== request.language) return { field: 'language', message: `is not ${request.language}` };
  for (const stream of ['stdout', 'stderr'] as const) {
    // Bytes that are not UTF-8 count once there and three times here, as U+FFFD.
    if (Buffer.byteLength(result[stream].replaceAll('\uFFFD', '?')) > limits.outputBytes) {
      return { field: stream, message: `is longer than the ${limits.outputBytes} bytes that were allowed` };
    }
  }
  const { files } = result.artifacts;
  if (files.length > limits.artifactCount) return { field: 'artifacts.files', message: 'are more than were allowed' };
  const sizes = files.map(({ sizeBytes }) => sizeBytes);
  if (sizes.some((size) => size > limits.artifactBytes))
    return { field: 'artifacts.files', message: 'has one that is larger than allowed' };
  if (sizes.reduce((sum, size) => sum + size, 0) > limits.artifactTotalBytes) {
    return { field: 'artifacts.files', message: 'are larger together than was allowed' };
  }
  const phase = Object.entries(result.clock).find(([, ms]) => ms < 0 || ms > LONGEST_PHASE_MS);
  return phase === undefined ? undefined : { field: `clock.${phase[0]}`, message: 'is no time that a call can take' };
}

/** Waiting, making, running and collecting take no longer, each. */
const LONGEST_PHASE_MS = 2 * REQUEST_LIMITS.maxWaitMs + 3_600_000;
