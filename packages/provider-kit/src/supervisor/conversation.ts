import { withDeadline } from '../deadline.ts';
import type { ProviderTerms } from '../provider-terms.ts';
import type { Frame } from './frame-codec.ts';
import type { ConnectionEnd, SupervisorConnection } from './supervisor-connection.ts';
import { EndedElsewhereError } from './transport-ends.ts';

/** How long the supervisor may say nothing while something is expected of it. */
const ANSWER_TIMEOUT_MS = 30_000;

/** What is expected of the supervisor. */
export interface Exchange<Result> {
  readonly operation: string;
  readonly signal?: AbortSignal | undefined;
  /** Sent at first. */
  readonly frames: readonly Uint8Array[];
  /** Reads an answer; `undefined` while it is not complete. What it throws is the exchange's failure. */
  readonly read: (frame: Frame) => Result | undefined;
  /** @default 30000 */
  readonly timeoutMs?: number | undefined;
}

/**
 * Says something to a supervisor and waits for its answer. One exchange at a time.
 *
 * @throws SandboxError `SANDBOX_CLOSED`, `PROVIDER_UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`, or what `read` throws.
 */
export function exchange<Result>(
  connection: SupervisorConnection,
  { operation, signal, frames, read, timeoutMs }: Exchange<Result>,
): Promise<Result> {
  const deadline = { timeoutMs: timeoutMs ?? ANSWER_TIMEOUT_MS, signal, providerId: connection.terms.providerId, operation };
  return withDeadline(deadline, () => {
    const answer = converse(connection, operation, frames, read);
    connection.noteUnfinished(answer);
    return answer;
  });
}

function converse<Result>(
  connection: SupervisorConnection,
  operation: string,
  frames: readonly Uint8Array[],
  read: (frame: Frame) => Result | undefined,
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    connection.listen({
      onFrame: (frame) => {
        try {
          const result = read(frame);
          if (result !== undefined) resolve(result);
        } catch (error) {
          reject(error);
        }
      },
      onEnd: (end) => reject(endedError(connection.terms, operation, end)),
    });
    connection.send(frames);
  }).finally(() => connection.release());
}

/** The error for a conversation that the end of the connection cut off. */
export function endedError(terms: ProviderTerms, operation: string, end: ConnectionEnd): Error {
  if (end.isTakenOver) return takenOverError(terms, operation);
  if (end.isClosedHere || end.error instanceof EndedElsewhereError)
    return terms.error('SANDBOX_CLOSED', operation, 'The sandbox has ended.', { suggestion: 'Create another sandbox.' });
  return terms.error('PROVIDER_UNAVAILABLE', operation, `The connection to the ${terms.instance} was lost.`, {
    suggestion: 'Create another sandbox.',
    cause: end.error ?? new Error(end.lastWords || 'the stream was closed'),
  });
}

/** The error for whoever held a sandbox before another process took it over. */
export function takenOverError(terms: ProviderTerms, operation: string): Error {
  return terms.error('SANDBOX_CLOSED', operation, 'Another connection has taken this sandbox over.', {
    suggestion: 'Use it there, or connect to it again by its id.',
  });
}
