import { toErrorPayload } from '@sandport/core';
import type { RagflowRunAnswer } from '@sandport/executor-api';
import { BLANK_ANSWER } from './run-answer.ts';

/** Says in RAGFlow's words why no program was run, or why nobody knows what became of it. The status of the answer is 200. */
export function toRefusalAnswer(error: unknown): RagflowRunAnswer {
  const { code, message } = toErrorPayload(error);
  switch (code) {
    case 'CAPACITY_EXHAUSTED':
      return refusal(-10, 'Container pool is busy', 'no_available_container');
    case 'RATE_LIMITED':
    case 'QUOTA_EXCEEDED':
      return rateLimitedAnswer();
    case 'INTERNAL':
      return refusal(-999, message, 'unhandled_exception');
    default:
      return refusal(-3, message, 'internal_error');
  }
}

/** What a caller is told who has used up his calls. */
export function rateLimitedAnswer(): RagflowRunAnswer {
  const words = 'Too many requests, please try again later';
  return refusal(-429, words, words);
}

function refusal(exitCode: number, stderr: string, detail: string): RagflowRunAnswer {
  return { ...BLANK_ANSWER, artifacts: [], status: 'program_runner_error', exit_code: exitCode, stderr, detail };
}
