import { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from '@sandport/core';
import { NO_ANSWER_IN_TIME, ProviderTerms, RemoteFailure, type RemoteFailureFacts } from '@sandport/provider-kit';

/** The provider's id, as stored. */
export const PROVIDER_ID = 'new_cloud';

/** How this provider speaks of what its programs run in. */
export const NEW_CLOUD_TERMS = new ProviderTerms({
  providerId: PROVIDER_ID,
  instance: 'sandbox of the service',
  instances: 'sandboxes of the service',
  capacityField: 'maxSandboxes',
  advice: {
    lost: 'Run "sandport doctor", and look at what ends processes on this machine.',
    protocol: 'Run "sandport doctor"; if it happens again, the program attacked what watches it.',
    slow: 'Look at the load of the machine.',
    broken: 'Run "sandport doctor"; the cause holds the failure.',
  },
});

/** A SandboxError of this provider. */
export function newCloudError(code: SandboxErrorCode, operation: string, message: string, options: SandboxErrorOptions = {}): SandboxError {
  return NEW_CLOUD_TERMS.error(code, operation, message, options);
}

/** Says in the contract's terms what went wrong between us and the service: by statuses and codes, never by the wording of a message. */
export function toNewCloudError(error: unknown, operation: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  if (!(error instanceof RemoteFailure)) {
    return newCloudError('PROVIDER_UNAVAILABLE', operation, `The service could not ${operation}.`, {
      suggestion: 'Look at the cause.',
      cause: error,
    });
  }
  const { facts } = error;
  const [code, message, suggestion] = findingOf(facts);
  return newCloudError(code, operation, message, {
    suggestion,
    details: {
      action: facts.action,
      ...(facts.status === undefined ? {} : { httpStatus: facts.status }),
      ...(facts.code === undefined ? {} : { serviceCode: facts.code }),
    },
    ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
    cause: error,
  });
}

/** Whether the service itself says that it has no such sandbox. */
export function isNotFound(error: unknown): boolean {
  return error instanceof RemoteFailure && error.facts.status === 404;
}

type Finding = readonly [code: SandboxErrorCode, message: string, suggestion: string];

function findingOf({ action, kind, code, status }: RemoteFailureFacts): Finding {
  if (code === 'ENOENT')
    return ['RUNTIME_MISSING', 'There is no Python to run programs with.', 'Install Python 3.9 or newer, or set "pythonPath" to it.'];
  if (code === NO_ANSWER_IN_TIME)
    return ['DEADLINE_EXCEEDED', `The service did not answer ${action} in time.`, 'Look at the load of the machine.'];
  if (kind === 'unreachable')
    return ['PROVIDER_UNAVAILABLE', 'The service cannot be reached.', 'Look at the cause, and at the way to the service.'];
  if (kind === 'unreadable')
    return ['RESPONSE_INVALID', `The service answered ${action} with something that cannot be read.`, 'Look at the cause.'];
  return findingByStatus(action, status);
}

function findingByStatus(action: string, status: number | undefined): Finding {
  switch (status) {
    case 401:
    case 403:
      return ['AUTHENTICATION_FAILED', `The service does not allow ${action} with these credentials.`, 'Check the key that is stored.'];
    case 404:
      return ['PROVIDER_UNAVAILABLE', `What ${action} is about has ended.`, 'Call again: another sandbox is made.'];
    case 429:
      return ['RATE_LIMITED', 'The service asks for fewer calls.', 'Call again later, or lower "maxSandboxes".'];
    case 503:
      return ['CAPACITY_EXHAUSTED', 'The service has no room for another sandbox.', 'Call again later, or lower "maxSandboxes".'];
    default:
      return ['PROVIDER_UNAVAILABLE', `The service did not carry ${action} out.`, 'Look at the details, and run "sandport doctor".'];
  }
}
