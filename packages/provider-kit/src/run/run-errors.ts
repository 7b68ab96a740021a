import type { ProviderTerms } from '../provider-terms.ts';
import { endedError } from '../supervisor/conversation.ts';
import type { ConnectionEnd } from '../supervisor/supervisor-connection.ts';
import { EndedElsewhereError } from '../supervisor/transport-ends.ts';
import { SupervisorProtocolError } from './run-recorder.ts';

/** The error for a program that was not started in time. */
export function startError(terms: ProviderTerms, timeoutMs: number): Error {
  return terms.error('DEADLINE_EXCEEDED', 'start program', `The program was not started within ${timeoutMs} ms.`, {
    suggestion: terms.advice.slow,
  });
}

/** The error for a call that was withdrawn in time. */
export function cancelledError(terms: ProviderTerms, operation: string, signal: AbortSignal | undefined): Error {
  return terms.error('CANCELLED', operation, 'The call was withdrawn before it had an effect that could be told.', {
    suggestion: 'Nothing was run; call again when it is wanted.',
    cause: signal?.reason,
  });
}

/** The error for a connection that ended under a call. */
export function lostError(terms: ProviderTerms, end: ConnectionEnd): Error {
  if (end.isTakenOver || end.error instanceof EndedElsewhereError) return endedError(terms, 'execute', end);
  return terms.error(
    'PROVIDER_UNAVAILABLE',
    'execute',
    `The connection to the ${terms.instance} was lost; how far its program came is unknown.`,
    {
      suggestion: `${terms.advice.lost} Run the program again only if it may run twice.`,
      cause: end.error ?? new Error(end.lastWords || 'the stream was closed'),
    },
  );
}

/** What the caller is told of a failure. */
export function describeFailure(terms: ProviderTerms, error: unknown): unknown {
  return error instanceof SupervisorProtocolError ? brokenProtocolError(terms, 'execute', error) : error;
}

/** The error for a supervisor that does not keep to the protocol. */
export function brokenProtocolError(terms: ProviderTerms, operation: string, cause?: unknown): Error {
  return terms.error('RESPONSE_INVALID', operation, `The supervisor in the ${terms.instance} broke the protocol.`, {
    suggestion: terms.advice.protocol,
    cause,
  });
}
