import { describe, expect, test } from 'vitest';
import { executeReplySchema, readExecuteReply } from './execute-reply.ts';

const read = (reply: unknown) => readExecuteReply(executeReplySchema.parse(reply));

describe('readExecuteReply', () => {
  test('reads the documented answer', () => {
    const results = [
      { type: 'stdout', text: '1\n' },
      { type: 'stderr', text: 'careful' },
      { type: 'result', text: 'None' },
      { type: 'endOfExecution', status: 'ok' },
    ];
    expect(read({ contextId: 'c', results })).toEqual({ contextId: 'c', stdout: ['1\n'], stderr: ['careful'], error: null });
  });

  test('reads a published real answer, which does not say how it ended', () => {
    const results = [
      { type: 'stdout', text: 'a\nb' },
      { type: 'result', data: { 'text/plain': 'Code executed successfully' }, executionCount: 1 },
    ];
    expect(read({ contextId: 'c', results })).toMatchObject({ stdout: ['a\nb'], error: null });
  });

  test.each([
    [{ text: 'ZeroDivisionError: division by zero' }, 'ZeroDivisionError: division by zero'],
    [{ value: 'division by zero' }, 'division by zero'],
    [{ name: 'ZeroDivisionError', value: 'division by zero' }, 'ZeroDivisionError: division by zero'],
    [{ ename: 'ZeroDivisionError', evalue: 'division by zero' }, 'ZeroDivisionError: division by zero'],
    [{ traceback: 'Traceback …' }, 'Traceback …'],
    [{ traceback: ['Traceback', 'line'] }, 'Traceback\nline'],
    [{}, 'The execution failed without a word.'],
  ])('reads an error item with %j', (fields, error) => {
    expect(read({ results: [{ type: 'error', ...fields }] }).error).toBe(error);
  });

  test.each(['error', 'timeout'])('takes an end as "%s" for a failure, and text on stderr for none', (status) => {
    expect(read({ results: [{ type: 'endOfExecution', status }] }).error).toContain(status);
    expect(read({ results: [{ type: 'stderr', text: 'warning' }] }).error).toBeNull();
  });

  test('never takes an error body for an empty success', () => {
    expect(executeReplySchema.safeParse({ code: 'INVALID_REQUEST', message: 'contextId and language exclude each other' }).success).toBe(
      false,
    );
  });
});
