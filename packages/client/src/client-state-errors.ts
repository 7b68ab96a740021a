import { SandboxError } from '@sandport/core';

/** Says that the client takes no more calls. */
export function clientClosed(cause?: unknown): SandboxError {
  return new SandboxError('SANDBOX_CLOSED', 'The sandbox client was closed.', {
    suggestion: 'Create another client; a closed one takes no more calls.',
    cause,
  });
}

/** Says that the caller's own signal ended the call. */
export function callWithdrawn(reason: unknown): SandboxError {
  return new SandboxError('CANCELLED', 'The call was withdrawn before the program started.', {
    suggestion: 'Call again with a signal that has not fired.',
    cause: reason,
  });
}

/** @throws SandboxError `CANCELLED` when the signal has fired already. */
export function throwIfWithdrawn(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw callWithdrawn(signal.reason);
}
