import type { ExecutionResult } from '@sandport/core';

/** Says in a sentence why a program of ours did not come to its end, or nothing when it did. */
export function whyNotCompleted(result: ExecutionResult, timeoutMs: number): string | undefined {
  switch (result.status) {
    case 'completed':
      return undefined;
    case 'timed-out':
      return `It was ended after ${timeoutMs} ms, the time limit of a call.`;
    case 'out-of-memory':
      return 'It was ended: the sandbox ran out of memory.';
    case 'output-limit-exceeded':
      return 'It was ended: it wrote too much.';
    case 'cancelled':
      return 'It was ended: the call was withdrawn.';
    case 'killed':
      return 'It was ended from outside of it.';
    case 'failed':
      return `It ended together with the program that ran it (${result.error.type}).`;
  }
}
