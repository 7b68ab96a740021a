import { SandboxError } from '@sandport/core';
import type { ProviderTerms } from '../provider-terms.ts';

/** Refusals name a time to retry between these bounds. */
const MIN_RETRY_AFTER_MS = 100;
const MAX_RETRY_AFTER_MS = 60_000;

/** The pool was closed. */
export function closedError(terms: ProviderTerms): SandboxError {
  return terms.error('SANDBOX_CLOSED', claiming(terms), 'The provider was closed.', { suggestion: 'Create a new provider.' });
}

/** The caller gave up. */
export function withdrawnError(terms: ProviderTerms, signal: AbortSignal | undefined): SandboxError {
  return terms.error('CANCELLED', claiming(terms), `The call was withdrawn while it waited for a ${terms.instance}.`, {
    suggestion: 'Nothing was run; call again when it is wanted.',
    cause: signal?.reason,
  });
}

/** There is no room in time. The cause is a failure to make instances, when there was one lately. */
export function exhaustedError(terms: ProviderTerms, message: string, retryAfterMs: number, cause: unknown): SandboxError {
  return terms.error('CAPACITY_EXHAUSTED', claiming(terms), message, {
    suggestion: `Call again after "retryAfterMs", or raise "${terms.capacityField}" where the machine can carry it.`,
    retryAfterMs: Math.ceil(Math.min(MAX_RETRY_AFTER_MS, Math.max(MIN_RETRY_AFTER_MS, retryAfterMs))),
    cause,
  });
}

/** No instance is being made for now, since making them kept failing: the failure says why. */
export function brokenError(terms: ProviderTerms, failure: unknown, retryAfterMs: number): SandboxError {
  const known = SandboxError.isInstance(failure) ? failure : undefined;
  const why = known === undefined ? 'making one keeps failing.' : known.message;
  const code = known?.code ?? 'PROVIDER_UNAVAILABLE';
  return terms.error(code, known?.operation ?? claiming(terms), `No ${terms.instance} can be made at present: ${why}`, {
    suggestion: known?.suggestion ?? terms.advice.broken,
    retryAfterMs: Math.ceil(Math.max(MIN_RETRY_AFTER_MS, retryAfterMs)),
    ...(known?.details === undefined ? {} : { details: known.details }),
    cause: failure,
  });
}

/** Whether making the next instance will fail the same way until somebody mends something. */
export function isLasting(failure: unknown): boolean {
  return SandboxError.isInstance(failure) && !failure.retryable;
}

function claiming(terms: ProviderTerms): string {
  return `claim ${terms.instance}`;
}
