import { parseExecutionRequest, SandboxError, type ExecutionRequest, type ExecutionRequestInput } from '@sandport/core';
import type { z } from 'zod';
import { isChecked, type CheckedDefaults } from './call-defaults.ts';
import { checkIdempotency } from './idempotency/idempotent-call.ts';
import { checkValueSchema } from './value/typed-value.ts';

/** What a caller of a client writes: a request of the contract, and what the client alone goes by. */
export interface ClientRequestInput extends ExecutionRequestInput {
  /**
   * The program may be started a second time, on another provider, when the first one failed after it may have started it. Nothing is repeated for a program that gave
   * a result, whatever the result; `onOutput` may be told the output of both. Without meaning where no fall-back is stored. @default false
   */
  readonly repeatable?: boolean | undefined;
  /**
   * Within its window the same key from the same tenant gives the outcome of the first call, and the program never runs twice, whichever client of the same settings
   * sends it: 1 to 255 characters of well-formed Unicode. The result says `replayed` when it is an earlier one.
   */
  readonly idempotencyKey?: string | undefined;
  /** How long the key is remembered, in milliseconds: 1000 to 2592000000. @default 86400000 */
  readonly idempotencyWindowMs?: number | undefined;
}

/** A request that says what value the program is to give. */
export interface TypedClientRequestInput<Schema extends z.ZodType> extends ClientRequestInput {
  /** A schema of zod. A completed program's value is what it makes of it; a program whose value does not fit has failed with a `ValueSchemaError`. */
  readonly value: Schema;
}

/** A request that was checked, and what the client alone goes by. */
export interface ClientRequest {
  readonly request: ExecutionRequest;
  readonly isRepeatable: boolean;
  readonly idempotency: { readonly key: string; readonly windowMs: number | undefined } | undefined;
  readonly value: z.ZodType | undefined;
}

/**
 * Checks a request and fills in the client's defaults and those of the contract.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field, or `LANGUAGE_UNSUPPORTED`.
 */
export function parseClientRequest(
  input: ClientRequestInput | TypedClientRequestInput<z.ZodType> | ExecutionRequest,
  defaults: CheckedDefaults,
): ClientRequest {
  if (typeof input !== 'object' || input === null || isChecked(input))
    return { request: parseExecutionRequest(input), isRepeatable: false, idempotency: undefined, value: undefined };
  const { repeatable = false, idempotencyKey: key, idempotencyWindowMs: windowMs, ...others } = input;
  const { value, ...rest } = 'value' in others ? others : { ...others, value: undefined };
  if (value !== undefined) checkValueSchema(value);
  if (key !== undefined) checkIdempotency(key, windowMs);
  else if (windowMs !== undefined) throw refuse('idempotencyWindowMs', 'has a meaning only with "idempotencyKey"');
  const request = parseExecutionRequest(defaults.under(rest));
  if (typeof repeatable !== 'boolean') throw refuse('repeatable', 'must be true or false');
  if (repeatable && !(request.stdin instanceof Uint8Array))
    throw refuse('repeatable', 'a program that reads a stream cannot be started again');
  return { request, isRepeatable: repeatable, idempotency: key === undefined ? undefined : { key, windowMs }, value };
}

function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: `Correct "${field}" and call again; nothing was created or run.`,
    details: { field },
  });
}
