import {
  requestWithinPolicy,
  checkSandboxOptionsAgainstPolicy,
  SandboxError,
  type CreateSandboxOptions,
  type ExecutionRequest,
  type SandboxPolicy,
} from '@sandport/core';
import type { StoredToken } from './access-token.ts';

/**
 * A request as its token allows it: limits that the caller did not write are lowered to the token's.
 *
 * @throws SandboxError `POLICY_VIOLATED` naming the field.
 */
export function requestWithinToken(token: StoredToken, request: ExecutionRequest): ExecutionRequest {
  return inWordsOfTheToken(() => requestWithinPolicy(policyOf(token), request));
}

/** @throws SandboxError `POLICY_VIOLATED` naming the field. */
export function checkSandboxAgainstToken(token: StoredToken, options: CreateSandboxOptions): void {
  inWordsOfTheToken(() => checkSandboxOptionsAgainstPolicy(policyOf(token), options));
}

function policyOf({ languages, maxima }: StoredToken): SandboxPolicy {
  return { trustRemoteIsolation: false, allowNetwork: true, ...(languages === undefined ? {} : { languages }), maxima };
}

function inWordsOfTheToken<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'POLICY_VIOLATED') throw error;
    const field = JSON.stringify(error.details?.['field']);
    throw new SandboxError('POLICY_VIOLATED', `${field} is more than the token allows.`, {
      operation: error.operation ?? 'checkPolicy',
      suggestion: `Ask for less, or have a token made that allows it.`,
      ...(error.details === undefined ? {} : { details: error.details }),
      cause: error,
    });
  }
}
