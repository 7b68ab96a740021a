import { SandboxError } from '@sandport/core';

/** The SandboxError with which a call ends; anything else fails the test. */
export async function failureOf(call: Promise<unknown> | (() => unknown)): Promise<SandboxError> {
  let outcome: unknown;
  try {
    outcome = await (typeof call === 'function' ? call() : call);
  } catch (error) {
    if (SandboxError.isInstance(error)) return error;
    throw error;
  }
  throw new Error(`a SandboxError was expected, not ${JSON.stringify(outcome)}`);
}
