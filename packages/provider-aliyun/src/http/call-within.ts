import { SandboxError } from '@sandport/core';
import { NO_ANSWER_IN_TIME, withDeadline } from '@sandport/provider-kit';
import { PROVIDER_ID } from '../aliyun-errors.ts';
import { AgentRunFailure } from './agentrun-failure.ts';
import type { AgentRunPlane } from './agentrun-plane.ts';

/** How one call is carried out. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** Carries out one call, and settles in time whatever the far side does. A late answer finds nobody. */
export async function callWithin<Result>(
  plane: AgentRunPlane,
  action: string,
  options: CallOptions,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  try {
    return await withDeadline({ ...options, providerId: PROVIDER_ID, operation: action }, call);
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'DEADLINE_EXCEEDED') throw error;
    throw new AgentRunFailure({ plane, action, kind: 'unreachable', code: NO_ANSWER_IN_TIME });
  }
}
