import type { ExecutionResult, ExecutionStatus } from '@sandport/core';

const REASONS: Readonly<Record<ExecutionStatus, string>> = {
  completed: 'the program that had started it said nothing of its end',
  failed: 'the program that had started it was ended first',
  'timed-out': 'it ran longer than its time limit',
  'out-of-memory': 'it needed more memory than the sandbox has',
  'output-limit-exceeded': 'it wrote more than its output limit',
  cancelled: 'it was withdrawn',
  killed: 'something ended it that nobody here can prove',
};

const ADVICE: Partial<Readonly<Record<ExecutionStatus, string>>> = {
  'timed-out': 'Run something shorter, or make the session with a higher `limits.timeoutMs`.',
  'out-of-memory': 'Run something smaller, or make the session with a higher `limits.memoryBytes`.',
  'output-limit-exceeded': 'Let it write into a file, or make the session with a higher `limits.outputBytes`.',
};

/**
 * A command that was ended and so has no exit code. The AI SDK's interface knows exit codes only: one that is made up could not be told from one that the command chose.
 * What the command wrote until then is in the result.
 */
export class CommandEndedError extends Error {
  override readonly name = 'CommandEndedError';
  /** All that is known of the program that ran the command: status, evidence, stdout, stderr. */
  readonly result: ExecutionResult;
  /** One sentence that says what to do next. */
  readonly suggestion: string;

  constructor(result: ExecutionResult) {
    const suggestion = ADVICE[result.status] ?? 'Look into `result` of this error for what is known.';
    super(`The command was ended without an exit code: ${REASONS[result.status]} (${result.status}). ${suggestion}`);
    this.result = result;
    this.suggestion = suggestion;
  }
}
