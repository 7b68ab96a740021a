import { SandboxError } from '@sandport/core';

/** The error with which a call fails. */
export async function thrownBy(call: Promise<unknown>): Promise<SandboxError> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome.status === 'fulfilled') throw new Error('the call did not fail');
  if (!SandboxError.isInstance(outcome.reason)) throw new Error('the call failed with something else', { cause: outcome.reason });
  return outcome.reason;
}
