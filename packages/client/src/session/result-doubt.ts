import type { ExecutionResult } from '@sandport/core';

/** Whether the sandbox may have ended together with the program: what ends a program from outside sometimes has to end everything. */
export function leavesDoubt({ status }: ExecutionResult): boolean {
  return status !== 'completed' && status !== 'failed';
}
