import { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from '@sandport/core';
import { ProviderTerms } from '@sandport/provider-kit';
import { E2bFailure, type E2bFailureFacts } from './http/e2b-failure.ts';

/** The provider's id, as stored. */
export const PROVIDER_ID = 'e2b';

/** How this provider speaks of what its programs run in. */
export const E2B_TERMS = new ProviderTerms({
  providerId: PROVIDER_ID,
  instance: 'sandbox of the service',
  instances: 'sandboxes of the service',
  capacityField: 'maxSandboxes',
  advice: {
    lost: 'Look at the sandbox in the service\'s dashboard, and run "sandport doctor".',
    protocol: 'Run "sandport doctor"; if it happens again, the program attacked what watches it, or the service changed.',
    slow: 'Look at the load of the sandbox, and at the way to the service.',
    broken: 'Run "sandport doctor"; the cause holds the failure.',
  },
});

/** A SandboxError of this provider. */
export function e2bError(code: SandboxErrorCode, operation: string, message: string, options: SandboxErrorOptions = {}): SandboxError {
  return E2B_TERMS.error(code, operation, message, options);
}

/** What stands in `details.reason` of errors and decides the remedy. */
export type FailureReason =
  | 'key-refused'
  | 'forbidden'
  | 'request-refused'
  | 'no-such-thing'
  | 'absent'
  | 'throttled'
  | 'capacity'
  | 'unknown-host'
  | 'unreachable'
  | 'unreadable'
  | 'no-python'
  | 'refused'
  | 'failed';

interface Finding {
  readonly code: SandboxErrorCode;
  readonly message: string;
  readonly suggestion: string;
}

const findings: { readonly [Reason in FailureReason]: (facts: E2bFailureFacts) => Finding } = {
  'key-refused': ({ plane }) =>
    plane === 'control'
      ? {
          code: 'AUTHENTICATION_FAILED',
          message: 'The service does not know this key.',
          suggestion: 'Check "apiKey", and that "service", "domain" and "apiUrl" are those of the service that gave it.',
        }
      : {
          code: 'AUTHENTICATION_FAILED',
          message: 'The sandbox refused the token that the service gave for it, or the user that commands should have.',
          suggestion: 'Check "user"; if it is right, a gateway on the way drops headers: the service has to pass X-Access-Token on.',
        },
  forbidden: ({ action }) => ({
    code: 'AUTHENTICATION_FAILED',
    message: `The key may not do ${action}.`,
    suggestion: 'Give it the right to, or store another key.',
  }),
  'request-refused': ({ action, plane }) => ({
    code: 'CONFIG_INVALID',
    message: `The service refused ${action} as it was asked for.`,
    suggestion:
      plane === 'control'
        ? 'Check "template", "abandonedAfterMs" and "serviceLifetimeMs" (plans differ in the longest life), and the lists of addresses.'
        : 'Check "user"; if the template has it, a gateway on the way or the service itself is disturbed.',
  }),
  'no-such-thing': ({ action }) => ({
    code: action === 'CreateSandbox' ? 'CONFIG_INVALID' : 'PROVIDER_UNAVAILABLE',
    message: action === 'CreateSandbox' ? 'The service does not know the template.' : `The service does not know what ${action} is about.`,
    suggestion:
      action === 'CreateSandbox' ? 'Check "template", and that the key belongs to its team.' : 'It may have ended meanwhile; call again.',
  }),
  absent: ({ action }) => ({
    code: 'CAPABILITY_UNSUPPORTED',
    message: `The service has no call ${action}, in none of the forms that are known.`,
    suggestion:
      'Check "apiUrl"; docs/providers/e2b.md says what services are known to lack. "dialect" may be wrong, or the service too old.',
  }),
  throttled: () => ({
    code: 'RATE_LIMITED',
    message: 'The service asks for fewer calls, or for fewer sandboxes at a time.',
    suggestion: 'Call again later; lower "maxSandboxes" to what the plan allows.',
  }),
  capacity: () => ({
    code: 'CAPACITY_EXHAUSTED',
    message: 'The service has no room for another sandbox.',
    suggestion: 'Call again later, or lower "maxSandboxes".',
  }),
  'unknown-host': () => ({
    code: 'CONFIG_INVALID',
    message: 'The address of the service does not exist.',
    suggestion: 'Check "domain", "apiUrl" and "sandboxUrl".',
  }),
  unreachable: ({ code, plane }) => ({
    code: code === 'DEADLINE_EXCEEDED' ? 'DEADLINE_EXCEEDED' : 'PROVIDER_UNAVAILABLE',
    message: `The ${plane === 'control' ? 'service' : 'sandbox'} cannot be reached${code === undefined ? '' : ` (${code})`}.`,
    suggestion: 'Check the addresses, the proxy if there is one, and the way from this machine to them.',
  }),
  unreadable: ({ action }) => ({
    code: 'RESPONSE_INVALID',
    message: `The service answered ${action} with something that its protocol does not allow.`,
    suggestion: 'Check the addresses; if they are right, a gateway on the way or the service itself is disturbed.',
  }),
  'no-python': ({ exitCode }) => ({
    code: 'RUNTIME_MISSING',
    message: `Our supervisor could not be started in the sandbox: the command ended with ${exitCode ?? 'nothing'}.`,
    suggestion: 'The image of the template needs bash and Python 3.9 or newer.',
  }),
  refused: ({ action, status }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `The service refused ${action}${status === undefined ? '' : ` (HTTP ${status})`}.`,
    suggestion: 'Look at the details, and run "sandport doctor".',
  }),
  failed: ({ action, status }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `The service failed at ${action}${status === undefined ? '' : ` (HTTP ${status})`}.`,
    suggestion: 'Call again later.',
  }),
};

/** Says in the contract's terms what went wrong between us and the service: by statuses and codes, never by the wording of a message. */
export function toE2bError(error: unknown, operation: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  if (!(error instanceof E2bFailure)) {
    // Its cause stays where it is: errors of the SDK may quote what was sent.
    const kind = error instanceof Error ? error.name : typeof error;
    return e2bError('PROVIDER_UNAVAILABLE', operation, `The call to the service broke off (${kind}).`, {
      suggestion: 'Run "sandport doctor".',
    });
  }
  const { facts } = error;
  const reason = reasonOf(facts);
  const { code, message, suggestion } = findings[reason](facts);
  return e2bError(code, operation, message, {
    suggestion,
    details: {
      reason,
      action: facts.action,
      plane: facts.plane,
      ...(facts.status === undefined ? {} : { httpStatus: facts.status }),
      ...(facts.code === undefined ? {} : { serviceCode: facts.code }),
    },
    ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
    cause: error,
  });
}

/** The reason that a failure of ours was given. */
export function failureReasonOf(error: unknown): string | undefined {
  const reason = SandboxError.isInstance(error) ? error.details?.['reason'] : undefined;
  return typeof reason === 'string' ? reason : undefined;
}

/** Whether the service says that there is no such sandbox. A gateway's word for it does not count. */
export function isNotFound(error: unknown): boolean {
  return error instanceof E2bFailure && error.facts.plane === 'control' && reasonOf(error.facts) === 'no-such-thing';
}

function reasonOf(facts: E2bFailureFacts): FailureReason {
  if (facts.exitCode !== undefined) return 'no-python';
  if (facts.kind === 'unreachable') return facts.code === 'ENOTFOUND' ? 'unknown-host' : 'unreachable';
  if (facts.kind === 'unreadable') return 'unreadable';
  if (facts.isAbsent === true) return 'absent';
  return reasonByStatus(facts.status);
}

function reasonByStatus(status: number | undefined): FailureReason {
  switch (status) {
    case 400:
    case 422:
      return 'request-refused';
    case 401:
      return 'key-refused';
    case 403:
      return 'forbidden';
    case 404:
    case 410:
      return 'no-such-thing';
    case 429:
      return 'throttled';
    case 503:
    case 507:
      return 'capacity';
    case undefined:
      return 'refused';
    default:
      return status < 500 ? 'refused' : 'failed';
  }
}
