import { SandboxError } from '@sandport/core';

/** A call came after the end of its session. */
export function sessionClosed(operation: string): SandboxError {
  return new SandboxError('SANDBOX_CLOSED', 'The session was closed.', {
    operation,
    suggestion: 'Ask the client for the session again; a closed one takes no more calls.',
  });
}

/** What was asked for is not what the session is. */
export function notOfSession(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'session',
    suggestion: `Correct "${field}", or use another key for another session.`,
    details: { field },
  });
}

/** A sandbox may go on that nobody wants any more. */
export function leftBehind(sandboxId: string, cause: unknown): SandboxError {
  return new SandboxError('PROVIDER_UNAVAILABLE', `The sandbox "${sandboxId}" of a session could not be destroyed.`, {
    operation: 'destroySandbox',
    suggestion: 'It may go on until its own time is over; look on the far side, and at `sandport doctor`.',
    cause,
  });
}

/** A record of a session may go on that means nothing any more. */
export function recordLeft(cause: unknown): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', 'The record of a former sandbox of a session could not be removed.', {
    operation: 'forgetSession',
    suggestion: 'It is forgotten by itself when its time is over; the session goes on.',
    cause,
  });
}

/** Others were always there first. */
export function outpaced(): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', 'The record of the session was changed by others again and again.', {
    operation: 'rememberSession',
    suggestion: 'Let one process at a time work on a session, and call again.',
  });
}

/** A call was withdrawn while others of its session were before it. */
export function withdrawnInTurn(operation: string, cause: unknown): SandboxError {
  return new SandboxError('CANCELLED', 'The call was withdrawn while it waited for its turn in the session.', {
    operation,
    suggestion: 'Nothing of it was done; call again when it is wanted.',
    cause,
  });
}
