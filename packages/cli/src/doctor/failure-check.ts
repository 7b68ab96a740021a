import { SandboxError, type HealthCheck } from '@sandport/core';

/** Runs a step and turns its SandboxError into a finding. A withdrawn call is no finding. */
export async function failureCheck(name: string, signal: AbortSignal, step: () => Promise<unknown>): Promise<HealthCheck | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (signal.aborted || !SandboxError.isInstance(error)) throw error;
    const remedy = error.suggestion ?? 'Run again with --debug to see the cause.';
    return { name, status: 'failed', message: error.message, remedy };
  }
}
