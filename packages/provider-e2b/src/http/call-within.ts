import { callWithin as callInTime, NO_ANSWER_IN_TIME } from '@sandport/provider-kit';
import { PROVIDER_ID } from '../e2b-errors.ts';
import { E2bFailure, type E2bPlane } from './e2b-failure.ts';

/** How one call is carried out. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** Carries out one call, and settles in time whatever the far side and the SDK do. */
export function callWithin<Result>(
  plane: E2bPlane,
  action: string,
  options: CallOptions,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lateError = (): Error => new E2bFailure({ plane, action, kind: 'unreachable', code: NO_ANSWER_IN_TIME });
  return callInTime({ ...options, providerId: PROVIDER_ID, operation: action, lateError }, call);
}
