import { SandboxError } from '@sandport/core';
import { ServiceProblem } from './service-problem.ts';

const RETRY_AFTER_MS = 1000;
const NOTHING_WAS_RUN = 'This service is being stopped; nothing was run.';

/** A call that is not taken because of the stop. */
export function stoppingProblem(detail: string): ServiceProblem {
  return new ServiceProblem('STOPPING', detail, { retryAfterMs: RETRY_AFTER_MS });
}

/** Whoever waited for a turn did not withdraw the call: we did. */
export function toStoppingProblem(error: unknown): unknown {
  return isWithdrawn(error) ? stoppingProblem(NOTHING_WAS_RUN) : error;
}

/** As {@link toStoppingProblem}, where only failures of the contract are told of. */
export function toStoppingError(error: unknown): unknown {
  if (!isWithdrawn(error)) return error;
  return new SandboxError('CAPACITY_EXHAUSTED', NOTHING_WAS_RUN, {
    suggestion: 'Call again in a moment.',
    retryAfterMs: RETRY_AFTER_MS,
    cause: error,
  });
}

function isWithdrawn(error: unknown): boolean {
  return SandboxError.isInstance(error) && error.code === 'CANCELLED';
}
