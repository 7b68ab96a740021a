import { Buffer } from 'node:buffer';
import {
  decodeExecutionResult,
  encodeExecutionResult,
  errorPayloadSchema,
  fromErrorPayload,
  jsonObjectSchema,
  SandboxError,
  toErrorPayload,
  type ExecutionResult,
  type JsonObject,
} from '@sandport/core';
import { z } from 'zod';

/** Largest outcome that is kept, in bytes of UTF-8. Databases refuse texts that are much larger. */
export const MAX_OUTCOME_BYTES = 8 * 1024 * 1024;

/** How a result becomes JSON and is read again, with whatever the caller's kind of result carries besides. */
export interface ResultCodec<Result> {
  readonly encode: (result: Result) => JsonObject;
  /** @throws SandboxError `RESPONSE_INVALID` for what `encode` of this version does not write. */
  readonly decode: (json: JsonObject) => Result;
}

/** The codec of results that are nothing more than that. */
export const EXECUTION_RESULT_CODEC: ResultCodec<ExecutionResult> = { encode: encodeExecutionResult, decode: decodeExecutionResult };

const version = z.literal(1);

const outcomeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ version, kind: z.literal('result'), result: jsonObjectSchema }),
  z.strictObject({ version, kind: z.literal('error'), error: errorPayloadSchema }),
  /** The program ran, and its result could not be kept. */
  z.strictObject({ version, kind: z.literal('not-kept'), sizeBytes: z.int().nonnegative().optional() }),
]);

type StoredOutcome = z.output<typeof outcomeSchema>;

/** An outcome as text for the store. */
export interface EncodedOutcome {
  readonly text: string;
  /** Why the text is a mere note that the program ran; `undefined` when everything is in it. */
  readonly problem: SandboxError | undefined;
}

/** A result as text. One that is larger than {@link MAX_OUTCOME_BYTES} becomes a note that says so, from which a later call learns that it must not run. */
export function encodeResult<Result>(codec: ResultCodec<Result>, result: Result): EncodedOutcome {
  let text: string;
  try {
    text = encode({ version: 1, kind: 'result', result: codec.encode(result) });
  } catch (error) {
    return { text: encode({ version: 1, kind: 'not-kept' }), problem: notEncodable(error) };
  }
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes <= MAX_OUTCOME_BYTES) return { text, problem: undefined };
  return { text: encode({ version: 1, kind: 'not-kept', sizeBytes }), problem: tooLarge(sizeBytes) };
}

/** A failure as text, without its cause and its stack. */
export function encodeFailure(error: unknown): EncodedOutcome {
  try {
    return { text: encode({ version: 1, kind: 'error', error: toErrorPayload(error) }), problem: undefined };
  } catch (fault) {
    return { text: encode({ version: 1, kind: 'not-kept' }), problem: notEncodable(fault) };
  }
}

/**
 * The result that a first call stored.
 *
 * @throws SandboxError the one that the first call met, with `replayed` among its details; `IDEMPOTENT_CALL_LOST` when its result could not be kept;
 *   `RESPONSE_INVALID` for a text that another version of Sandport wrote.
 */
export function replayOutcome<Result>(codec: ResultCodec<Result>, text: string | undefined): Result {
  const outcome = parse(text);
  switch (outcome.kind) {
    case 'result':
      return codec.decode(outcome.result);
    case 'error':
      throw fromErrorPayload({ ...outcome.error, details: { ...outcome.error.details, replayed: true } });
    case 'not-kept':
      throw notKept(outcome.sizeBytes);
  }
}

function encode(outcome: StoredOutcome): string {
  return JSON.stringify(outcome);
}

function parse(text: string | undefined): StoredOutcome {
  try {
    return outcomeSchema.parse(JSON.parse(text ?? ''));
  } catch (error) {
    throw new SandboxError('RESPONSE_INVALID', 'The stored outcome of the first call with this idempotency key cannot be read.', {
      operation: 'readOutcome',
      suggestion: 'Check that all programs that share the database run compatible versions of Sandport; the program is not run again.',
      // The finding may quote what the program wrote.
      details: { reason: error instanceof z.ZodError ? 'another shape' : 'not JSON' },
    });
  }
}

function notKept(sizeBytes: number | undefined): SandboxError {
  const why =
    sizeBytes === undefined ? 'could not be written down' : `has ${sizeBytes} bytes; the most that is kept is ${MAX_OUTCOME_BYTES}`;
  return new SandboxError('IDEMPOTENT_CALL_LOST', `The first call with this idempotency key ran, but its result ${why}.`, {
    operation: 'readOutcome',
    suggestion: 'Let the program give smaller artifacts and output, and call with another key if it may run again.',
    details: sizeBytes === undefined ? { hasRun: true } : { hasRun: true, sizeBytes },
  });
}

function tooLarge(sizeBytes: number): SandboxError {
  return new SandboxError('IDEMPOTENT_CALL_LOST', `The result is not kept for other calls: it has ${sizeBytes} bytes.`, {
    operation: 'keepOutcome',
    suggestion: `Up to ${MAX_OUTCOME_BYTES} bytes are kept; let the program give smaller artifacts and output.`,
    details: { sizeBytes },
  });
}

function notEncodable(cause: unknown): SandboxError {
  return new SandboxError('INTERNAL', 'The result is not kept for other calls: it cannot be written down.', {
    operation: 'keepOutcome',
    suggestion: 'This is a fault of Sandport or of the provider; report it with its cause.',
    cause,
  });
}
