import { SandboxError } from '@sandport/core';
import { NO_ANSWER_IN_TIME, withDeadline } from '@sandport/provider-kit';
import { PROVIDER_ID } from '../e2b-errors.ts';
import { E2bFailure, type E2bPlane } from './e2b-failure.ts';

/** How one call is carried out. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** Carries out one call, and settles in time whatever the far side and the SDK do. A late answer finds nobody. */
export async function callWithin<Result>(
  plane: E2bPlane,
  action: string,
  options: CallOptions,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  try {
    return await withDeadline({ ...options, providerId: PROVIDER_ID, operation: action }, call);
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'DEADLINE_EXCEEDED') throw error;
    throw new E2bFailure({ plane, action, kind: 'unreachable', code: NO_ANSWER_IN_TIME });
  }
}
