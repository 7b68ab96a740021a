import { SandboxError } from '@sandport/core';
import { NO_ANSWER_IN_TIME, RemoteFailure, type RemoteFailureFacts } from '@sandport/provider-kit';
import { describe, expect, test } from 'vitest';
import { isNotFound, toNewCloudError } from './new-cloud-errors.ts';

const failure = (facts: Omit<RemoteFailureFacts, 'action'>): RemoteFailure =>
  new RemoteFailure({ action: 'CreateSandbox', ...facts }, 'service');

describe('a failure of the service', () => {
  test.for([
    [{ kind: 'refused', status: 401 }, 'AUTHENTICATION_FAILED'],
    [{ kind: 'refused', status: 404 }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'refused', status: 429 }, 'RATE_LIMITED'],
    [{ kind: 'refused', status: 503 }, 'CAPACITY_EXHAUSTED'],
    [{ kind: 'refused', status: 500 }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'unreadable' }, 'RESPONSE_INVALID'],
    [{ kind: 'unreachable' }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'unreachable', code: 'ENOENT' }, 'RUNTIME_MISSING'],
    [{ kind: 'unreachable', code: NO_ANSWER_IN_TIME }, 'DEADLINE_EXCEEDED'],
  ] as const)('%j is told as %s, with advice and its cause', ([facts, code]) => {
    const cause = failure(facts);
    expect(toNewCloudError(cause, 'create sandbox')).toMatchObject({ code, cause, suggestion: expect.stringMatching(/\.$/) as string });
  });

  test('what has been told stays as it is, and only the service knows what is gone', () => {
    const told = new SandboxError('CANCELLED', 'The call was withdrawn.');
    expect(toNewCloudError(told, 'create sandbox')).toBe(told);
    expect(toNewCloudError(new Error('unknown'), 'create sandbox')).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect([isNotFound(failure({ kind: 'refused', status: 404 })), isNotFound(failure({ kind: 'unreachable' }))]).toEqual([true, false]);
  });
});
