import { SandboxError } from '@sandport/core';
import { dockerError } from '../docker-errors.ts';

const OPERATION = 'claim container';

/** Refusals name a time to retry between these bounds. */
const MIN_RETRY_AFTER_MS = 100;
const MAX_RETRY_AFTER_MS = 60_000;

/** The pool was closed. */
export function closedError(): SandboxError {
  return dockerError('SANDBOX_CLOSED', OPERATION, 'The provider was closed.', { suggestion: 'Create a new provider.' });
}

/** The caller gave up. */
export function withdrawnError(signal: AbortSignal | undefined): SandboxError {
  return dockerError('CANCELLED', OPERATION, 'The call was withdrawn while it waited for a container.', {
    suggestion: 'Nothing was run; call again when it is wanted.',
    cause: signal?.reason,
  });
}

/** There is no room in time. The cause is a failure to make containers, when there was one lately. */
export function exhaustedError(message: string, retryAfterMs: number, cause: unknown): SandboxError {
  return dockerError('CAPACITY_EXHAUSTED', OPERATION, message, {
    suggestion: 'Call again after "retryAfterMs", or raise "maxContainers" where the machine can carry it.',
    retryAfterMs: Math.ceil(Math.min(MAX_RETRY_AFTER_MS, Math.max(MIN_RETRY_AFTER_MS, retryAfterMs))),
    cause,
  });
}

/** No container is being made for now, since making them kept failing: the failure says why. */
export function brokenError(failure: unknown, retryAfterMs: number): SandboxError {
  const known = SandboxError.isInstance(failure) ? failure : undefined;
  const why = known === undefined ? 'making one keeps failing.' : known.message;
  return dockerError(known?.code ?? 'PROVIDER_UNAVAILABLE', known?.operation ?? OPERATION, `No container can be made at present: ${why}`, {
    suggestion: known?.suggestion ?? 'Run "sandport doctor"; the cause holds the failure.',
    retryAfterMs: Math.ceil(Math.max(MIN_RETRY_AFTER_MS, retryAfterMs)),
    ...(known?.details === undefined ? {} : { details: known.details }),
    cause: failure,
  });
}

/** Whether making the next container will fail the same way until somebody mends something. */
export function isLasting(failure: unknown): boolean {
  return SandboxError.isInstance(failure) && !failure.retryable;
}
