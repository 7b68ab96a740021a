import { SandboxError, type CircuitBreaker, type SandboxErrorCode } from '@sandport/core';

/** Failures that speak against a provider. A call that met one may be carried out by another, and several in a row stop the calls to it for a while. */
const PROVIDER_FAILURES: ReadonlySet<SandboxErrorCode> = new Set([
  'PROVIDER_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'AUTHENTICATION_FAILED',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'RUNTIME_MISSING',
  'ISOLATION_MISMATCH',
  'RESPONSE_INVALID',
]);

/** Codes with which the call itself is over, whoever would carry it out. */
const ENDS_OF_THE_CALL: ReadonlySet<SandboxErrorCode> = new Set(['CANCELLED', 'SANDBOX_CLOSED']);

/** Codes with which a provider says that it did not start the program. `REQUEST_INVALID` is not among them: a stream of input may be found wrong when it runs. */
const NOT_STARTED: ReadonlySet<SandboxErrorCode> = new Set(['CANCELLED', 'LANGUAGE_UNSUPPORTED', 'CAPABILITY_UNSUPPORTED']);

/** Whether another provider may do what this one could not. A provider that is full is in order, and the call may still go on. */
export function mayGoElsewhere(error: unknown): error is SandboxError {
  return SandboxError.isInstance(error) && (PROVIDER_FAILURES.has(error.code) || error.code === 'CAPACITY_EXHAUSTED');
}

/** Whether a provider that cannot take a call is merely passed over. */
export function isPassedOver(error: unknown): error is SandboxError {
  return SandboxError.isInstance(error) && !ENDS_OF_THE_CALL.has(error.code);
}

/** Whether a failure of `execute` says that the program was not started. */
export function wasNotStarted(error: unknown, input: unknown): boolean {
  if (!SandboxError.isInstance(error)) return false;
  return NOT_STARTED.has(error.code) || (error.code === 'REQUEST_INVALID' && input instanceof Uint8Array);
}

/** Does something on a provider, and tells its breaker what came of it. */
export async function watchedBy<Value>(breaker: CircuitBreaker, work: () => Promise<Value>): Promise<Value> {
  const isProbe = breaker.state === 'half-open';
  try {
    const value = await work();
    breaker.succeeded();
    return value;
  } catch (error) {
    tellFailure(breaker, error, isProbe);
    throw error;
  }
}

function tellFailure(breaker: CircuitBreaker, error: unknown, isProbe: boolean): void {
  if (SandboxError.isInstance(error) && PROVIDER_FAILURES.has(error.code)) {
    breaker.failed(error.code, !error.retryable);
    return;
  }
  if (!isProbe) return;
  if (SandboxError.isInstance(error) && error.code === 'CAPACITY_EXHAUSTED') breaker.succeeded();
  // Nothing is known, for example because the caller withdrew: the provider is looked at again after the next pause.
  else breaker.failed(breaker.reason);
}
