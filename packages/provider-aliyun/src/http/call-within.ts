import { callWithin as callInTime, NO_ANSWER_IN_TIME } from '@sandport/provider-kit';
import { PROVIDER_ID } from '../aliyun-errors.ts';
import { AgentRunFailure } from './agentrun-failure.ts';
import type { AgentRunPlane } from './agentrun-plane.ts';

/** How one call is carried out. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** Carries out one call, and settles in time whatever the far side does. */
export function callWithin<Result>(
  plane: AgentRunPlane,
  action: string,
  options: CallOptions,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lateError = (): Error => new AgentRunFailure({ plane, action, kind: 'unreachable', code: NO_ANSWER_IN_TIME });
  return callInTime({ ...options, providerId: PROVIDER_ID, operation: action, lateError }, call);
}
