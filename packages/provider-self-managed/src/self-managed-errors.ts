import { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from '@sandport/core';
import { fromProblem } from '@sandport/executor-api';
import { NO_ANSWER_IN_TIME, ProviderTerms } from '@sandport/provider-kit';
import { ExecutorFailure, isTlsCode, type ExecutorFailureFacts } from './http/executor-failure.ts';

/** The provider's id, as stored. */
export const PROVIDER_ID = 'self_managed';

/** How this provider speaks of what its programs run in. */
export const SELF_MANAGED_TERMS = new ProviderTerms({
  providerId: PROVIDER_ID,
  instance: 'sandbox of the executor',
  instances: 'sandboxes of the executor',
  capacityField: 'endpoints',
  advice: {
    lost: 'Look at the log of the executor, and at the way to it.',
    protocol: 'Check that "endpoint" leads to an executor of the same version of Sandport, and what is on the way to it.',
    slow: 'Look at the load of the executor, and at the way to it.',
    broken: 'Run "sandport doctor"; the cause holds the failure.',
  },
});

/** A SandboxError of this provider. */
export function selfManagedError(
  code: SandboxErrorCode,
  operation: string,
  message: string,
  options: SandboxErrorOptions = {},
): SandboxError {
  return SELF_MANAGED_TERMS.error(code, operation, message, options);
}

/** What stands in `details.reason` of errors and decides the remedy. */
export type FailureReason =
  | 'token-missing'
  | 'forbidden'
  | 'too-large'
  | 'throttled'
  | 'stopping'
  | 'unknown-host'
  | 'untrusted'
  | 'silent'
  | 'unreachable'
  | 'redirected'
  | 'other-service'
  | 'unreadable'
  | 'failed';

interface Finding {
  readonly code: SandboxErrorCode;
  readonly message: string;
  readonly suggestion: string;
}

const findings: { readonly [Reason in FailureReason]: (facts: ExecutorFailureFacts) => Finding } = {
  'token-missing': ({ host }) => ({
    code: 'AUTHENTICATION_FAILED',
    message: `The executor at ${host} does not know this token, or wants one.`,
    suggestion: 'Check "token": it may have been revoked, have expired, or belong to another executor.',
  }),
  forbidden: ({ host, action }) => ({
    code: 'AUTHENTICATION_FAILED',
    message: `The executor at ${host} does not let this token ${action}.`,
    suggestion: 'Give the token the right to, for this tenant, or store another "token".',
  }),
  'too-large': ({ host }) => ({
    code: 'REQUEST_INVALID',
    message: `The executor at ${host} takes no request of this size.`,
    suggestion: 'Send less at a time, give files in pieces, or raise what the executor takes.',
  }),
  throttled: ({ host }) => ({
    code: 'RATE_LIMITED',
    message: `The executor at ${host} asks for fewer calls.`,
    suggestion: 'Call again later, or raise what the executor allows this token.',
  }),
  stopping: ({ host }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `The executor at ${host} is being stopped, or is not ready.`,
    suggestion: 'Call again later; more executors in "endpoints" take the calls meanwhile.',
  }),
  'unknown-host': ({ host }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `The name of the executor at ${host} leads nowhere.`,
    suggestion: 'Check "endpoint", and the name service of this machine.',
  }),
  untrusted: ({ host, code }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `No trusted connection to the executor at ${host} came about (${code}).`,
    suggestion: 'Check "tlsCa", "tlsCert" and "tlsKey", and that "endpoint" has https:// where the executor does.',
  }),
  silent: ({ host, action }) => ({
    code: 'DEADLINE_EXCEEDED',
    message: `The executor at ${host} did not answer in time (${action}).`,
    suggestion: SELF_MANAGED_TERMS.advice.slow,
  }),
  unreachable: ({ host, action, code }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `The executor at ${host} cannot be reached, or the connection to it broke${code === undefined ? '' : ` (${action}: ${code})`}.`,
    suggestion: 'Check that it runs, "endpoint", and the way from this machine to it; no proxy of the environment is used.',
  }),
  redirected: ({ host, status }) => ({
    code: 'RESPONSE_INVALID',
    message: `${host} answered with a redirect (HTTP ${status}), which is not followed.`,
    suggestion: 'Let "endpoint" name the executor itself.',
  }),
  'other-service': ({ host, status, action }) => ({
    code: 'RESPONSE_INVALID',
    message: `What answers at ${host} does not know how to ${action} (HTTP ${status}).`,
    suggestion: 'Check "endpoint" and "protocol", and that both sides run compatible versions of Sandport.',
  }),
  unreadable: ({ host, action, code }) => ({
    code: 'RESPONSE_INVALID',
    message: `The executor at ${host} answered with something that its protocol does not allow (${action}${code === undefined ? '' : `: ${code}`}).`,
    suggestion: SELF_MANAGED_TERMS.advice.protocol,
  }),
  failed: ({ host, status, action }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `The executor at ${host}, or a gateway before it, failed to ${action} (HTTP ${status}).`,
    suggestion: 'Call again later, and look at the log of the executor.',
  }),
};

/** Says in the contract's terms what went wrong between us and the executor: by statuses and codes, never by the wording of a message. */
export function toSelfManagedError(error: unknown, operation: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  if (!(error instanceof ExecutorFailure)) {
    const kind = error instanceof Error ? error.name : typeof error;
    return selfManagedError('PROVIDER_UNAVAILABLE', operation, `The call to the executor broke off (${kind}).`, {
      suggestion: 'Run "sandport doctor".',
      cause: error,
    });
  }
  const { facts } = error;
  const told = fromProblem(facts.problem);
  if (told !== undefined) return asOurs(told, operation, { cause: error, retryAfterMs: facts.retryAfterMs });
  const reason = reasonOf(facts);
  const { code, message, suggestion } = findings[reason](facts);
  return selfManagedError(code, operation, message, {
    suggestion,
    details: {
      reason,
      host: facts.host,
      ...(facts.status === undefined ? {} : { httpStatus: facts.status }),
      ...(facts.code === undefined ? {} : { failureCode: facts.code }),
    },
    ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
    cause: error,
  });
}

/** An error that the executor told of, as one of this provider: which one is behind the executor is its own matter. */
export function asOurs(
  told: SandboxError,
  operation: string,
  { cause, retryAfterMs = told.retryAfterMs }: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
): SandboxError {
  return selfManagedError(told.code, operation, told.message, {
    suggestion: told.suggestion ?? 'Look at the log of the executor.',
    ...(told.details === undefined ? {} : { details: told.details }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The error for an answer that lacks something, or has it in another shape. */
export function invalidAnswer(operation: string, host: string, field: string, finding: string, cause?: unknown): SandboxError {
  return selfManagedError('RESPONSE_INVALID', operation, `${field}: ${finding} (answer of the executor at ${host}).`, {
    suggestion: SELF_MANAGED_TERMS.advice.protocol,
    details: { field, host },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The error for a call that was withdrawn in time. */
export function cancelledError(operation: string, signal: AbortSignal | undefined): SandboxError {
  return selfManagedError('CANCELLED', operation, 'The call was withdrawn before it had an effect that could be told.', {
    suggestion: 'Call again when it is wanted.',
    cause: signal?.reason,
  });
}

/** The error for every call of a sandbox that has ended, by whomever. */
export function closedError(operation: string, cause?: unknown): SandboxError {
  return selfManagedError('SANDBOX_CLOSED', operation, 'The sandbox has ended.', {
    suggestion: 'Create another sandbox.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function reasonOf({ kind, code, status }: ExecutorFailureFacts): FailureReason {
  if (kind === 'unreadable') return 'unreadable';
  if (kind === 'unreachable') {
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown-host';
    if (isTlsCode(code)) return 'untrusted';
    return code === NO_ANSWER_IN_TIME ? 'silent' : 'unreachable';
  }
  return reasonByStatus(status ?? 0);
}

function reasonByStatus(status: number): FailureReason {
  switch (status) {
    case 401:
      return 'token-missing';
    case 403:
      return 'forbidden';
    case 413:
      return 'too-large';
    case 429:
      return 'throttled';
    case 503:
      return 'stopping';
    case 404:
    case 405:
    case 406:
    case 415:
      return 'other-service';
    default:
      if (status >= 300 && status < 400) return 'redirected';
      return status >= 500 || status === 408 ? 'failed' : 'unreadable';
  }
}
