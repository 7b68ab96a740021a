import { parseExecutionRequest, SandboxError, type ExecutionRequest, type ExecutionRequestInput } from '@sandport/core';
import { isChecked, type CheckedDefaults } from './call-defaults.ts';

/** What a caller of a client writes: a request of the contract, and what the client alone goes by. */
export interface ClientRequestInput extends ExecutionRequestInput {
  /**
   * The program may be started a second time, on another provider, when the first one failed after it may have started it. Nothing is repeated for a program that gave
   * a result, whatever the result; `onOutput` may be told the output of both. Without meaning where no fall-back is stored. @default false
   */
  readonly repeatable?: boolean | undefined;
}

/** A request that was checked, and what the client alone goes by. */
export interface ClientRequest {
  readonly request: ExecutionRequest;
  readonly isRepeatable: boolean;
}

/**
 * Checks a request and fills in the client's defaults and those of the contract.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field, or `LANGUAGE_UNSUPPORTED`.
 */
export function parseClientRequest(input: ClientRequestInput | ExecutionRequest, defaults: CheckedDefaults): ClientRequest {
  if (typeof input !== 'object' || input === null || isChecked(input))
    return { request: parseExecutionRequest(input), isRepeatable: false };
  const { repeatable = false, ...rest } = input;
  const request = parseExecutionRequest(defaults.under(rest));
  if (typeof repeatable !== 'boolean') throw refuse('must be true or false');
  if (repeatable && !(request.stdin instanceof Uint8Array)) throw refuse('a program that reads a stream cannot be started again');
  return { request, isRepeatable: repeatable };
}

function refuse(message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `repeatable: ${message}.`, {
    suggestion: 'Correct "repeatable" and call again; nothing was created or run.',
    details: { field: 'repeatable' },
  });
}
