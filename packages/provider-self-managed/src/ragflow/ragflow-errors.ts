import { SandboxError, type JsonObject, type SandboxErrorCode, type SandboxErrorOptions } from '@sandport/core';
import { NO_ANSWER_IN_TIME, RemoteFailure, type RemoteFailureFacts } from '@sandport/provider-kit';
import type { RagflowRunAnswer } from '@sandport/executor-api';

/** The provider's id, as stored. */
export const RAGFLOW_PROVIDER_ID = 'self_managed';

const TWICE = 'Run the program again only if it may run twice.';

/** A SandboxError of this provider. */
export function ragflowError(code: SandboxErrorCode, operation: string, message: string, options: SandboxErrorOptions = {}): SandboxError {
  return new SandboxError(code, message, { providerId: RAGFLOW_PROVIDER_ID, operation, ...options });
}

/** Says in the contract's terms why a call of the far end came to nothing, by statuses and codes. */
export function toRagflowError(error: unknown, operation: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  if (!(error instanceof RemoteFailure)) {
    const name = error instanceof Error ? error.name : typeof error;
    return ragflowError('INTERNAL', operation, `The call broke off (${name}).`, { suggestion: 'Look at the cause.', cause: error });
  }
  const { code, message, suggestion } = findingOf(error.facts);
  const { status, retryAfterMs } = error.facts;
  const failureCode = error.facts.code;
  const details: JsonObject = {
    ...(status === undefined ? {} : { httpStatus: status }),
    ...(failureCode === undefined ? {} : { failureCode }),
  };
  return ragflowError(code, operation, message, {
    suggestion,
    details,
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

interface Finding {
  readonly code: SandboxErrorCode;
  readonly message: string;
  readonly suggestion: string;
}

function findingOf({ kind, status, code }: RemoteFailureFacts): Finding {
  if (kind === 'unreadable') {
    const message = 'The executor answered with something that its protocol does not allow.';
    return { code: 'RESPONSE_INVALID', message, suggestion: `Check that "endpoint" leads to RAGFlow's executor manager. ${TWICE}` };
  }
  if (kind === 'refused') return findingByStatus(status ?? 0);
  if (code === NO_ANSWER_IN_TIME) {
    return {
      code: 'DEADLINE_EXCEEDED',
      message: 'The executor did not answer in time.',
      suggestion: 'Look at its load, and at the way to it.',
    };
  }
  const message = `The executor cannot be reached, or the connection to it broke${code === undefined ? '' : ` (${code})`}.`;
  return { code: 'PROVIDER_UNAVAILABLE', message, suggestion: `Check that it runs, "endpoint", and the way to it. ${TWICE}` };
}

function findingByStatus(status: number): Finding {
  switch (status) {
    case 401:
    case 403:
      return {
        code: 'AUTHENTICATION_FAILED',
        message: 'The executor, or a gateway before it, refused our token.',
        suggestion: 'Check "token".',
      };
    case 413:
      return { code: 'REQUEST_INVALID', message: 'request: is larger than the executor takes.', suggestion: 'Send less.' };
    case 422:
      return {
        code: 'REQUEST_INVALID',
        message: 'request: is not what the executor takes.',
        suggestion: 'Shorten the code and the arguments.',
      };
    case 429:
      return { code: 'RATE_LIMITED', message: 'The executor asks for fewer calls.', suggestion: 'Call again later.' };
    default: {
      const isFailure = status >= 500 || status === 408;
      const message = `The executor, or what answers for it, gave HTTP ${status}.`;
      if (isFailure) return { code: 'PROVIDER_UNAVAILABLE', message, suggestion: `Look at its log. ${TWICE}` };
      return { code: 'RESPONSE_INVALID', message, suggestion: 'Check "endpoint".' };
    }
  }
}

/** Exit codes that stand for what kept a program from being run. */
const REFUSALS = { busy: -10, tooMany: -429, unsafe: -999 } as const;

/** The words beside `-999` for a program that the analyzer refused. It was not run, and none of these words are its own. */
export const UNSAFE_DETAIL = 'Code is unsafe';

/** Says why the far end ran no program, or lost it. */
export function runnerError({ exit_code, stderr, detail }: RagflowRunAnswer): SandboxError {
  const operation = 'execute';
  if (exit_code === REFUSALS.busy) {
    return ragflowError('CAPACITY_EXHAUSTED', operation, 'No container of the executor became free in time.', {
      suggestion: 'Call again later, or give the executor a larger pool.',
    });
  }
  if (exit_code === REFUSALS.tooMany) {
    return ragflowError('RATE_LIMITED', operation, 'The executor asks for fewer calls.', { suggestion: 'Call again later.' });
  }
  if (exit_code === REFUSALS.unsafe && detail === UNSAFE_DETAIL) {
    return ragflowError('POLICY_VIOLATED', operation, "The executor's analyzer does not let this program run.", {
      suggestion: 'Leave out what the details name, or use an executor of Sandport, which looks for no words in sources.',
      details: { findings: stderr.split('\n') },
    });
  }
  return ragflowError('PROVIDER_UNAVAILABLE', operation, 'The executor failed; how far the program came is unknown.', {
    suggestion: `Look at its log. ${TWICE}`,
    details: { exitCode: exit_code, ...(typeof detail === 'string' ? { detail } : {}) },
  });
}
