import { dockerError } from '../docker-errors.ts';
import { takenOverError } from '../supervisor/conversation.ts';
import type { ConnectionEnd } from '../supervisor/supervisor-connection.ts';
import { SupervisorProtocolError } from './run-recorder.ts';

/** The error for a program that was not started in time. */
export function startError(timeoutMs: number): Error {
  return dockerError('DEADLINE_EXCEEDED', 'start program', `The program was not started within ${timeoutMs} ms.`, {
    suggestion: "Look at the load of the engine's machine.",
  });
}

/** The error for a call that was withdrawn in time. */
export function cancelledError(operation: string, signal: AbortSignal | undefined): Error {
  return dockerError('CANCELLED', operation, 'The call was withdrawn before it had an effect that could be told.', {
    suggestion: 'Nothing was run; call again when it is wanted.',
    cause: signal?.reason,
  });
}

/** The error for a connection that ended under a call. */
export function lostError(end: ConnectionEnd): Error {
  if (end.isTakenOver) return takenOverError('execute');
  return dockerError('PROVIDER_UNAVAILABLE', 'execute', 'The connection to the container was lost; how far its program came is unknown.', {
    suggestion: 'Check the Docker engine; run the program again only if it may run twice.',
    cause: end.error ?? new Error(end.supervisorStderr || 'the stream was closed'),
  });
}

/** What the caller is told of a failure. */
export function describeFailure(error: unknown): unknown {
  if (!(error instanceof SupervisorProtocolError)) return error;
  return dockerError('RESPONSE_INVALID', 'execute', 'The supervisor in the container broke the protocol.', {
    suggestion: 'Run "sandport images build"; if it happens again, the container was compromised.',
    cause: error,
  });
}
