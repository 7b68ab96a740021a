import { describe, expect, test } from 'vitest';
import { readProgramError } from './read-program-error.ts';

const PYTHON = `warned before
Traceback (most recent call last):
  File "/workspace/1/runner.py", line 16, in <module>
    value = main(**given)
            ^^^^^^^^^^^^^
  File "/workspace/1/main.py", line 2, in main
    raise Empty("none left\\nat all")
main.Empty: none left
at all
`;

describe('Python', () => {
  test('names class and message, without the frames of the runner', () => {
    expect(readProgramError('python', PYTHON)).toEqual({
      type: 'Empty',
      message: 'none left\nat all',
      traceback:
        'Traceback (most recent call last):\n  File "/workspace/1/main.py", line 2, in main\n    raise Empty("none left\\nat all")\nmain.Empty: none left\nat all\n',
    });
  });

  test('names the last of several errors', () => {
    const printed = `${PYTHON}\nDuring handling of the above exception, another exception occurred:\n\n${PYTHON.replace('main.Empty: none left\nat all', 'KeyError: 1')}`;
    expect(readProgramError('python', printed)).toMatchObject({ type: 'KeyError', message: '1' });
  });

  test('takes a class without a message', () => {
    expect(readProgramError('python', 'Traceback (most recent call last):\n  File "a", line 1\nMemoryError\n')).toMatchObject({
      type: 'MemoryError',
      message: '',
    });
  });

  test.each(['', 'ValueError: without frames\n', 'Traceback (most recent call last):\n'])('finds nothing in %j', (printed) => {
    expect(readProgramError('python', printed)).toBeUndefined();
  });
});

describe('Node', () => {
  test.each([
    [
      'thrown',
      '/workspace/1/main.js:2\n  throw new TypeError("no");\n  ^\n\nTypeError: no\n    at main (/workspace/1/main.js:2:9)\n    at /workspace/1/runner.js:9:1\n\nNode.js v24\n',
    ],
    [
      'rejected',
      'Error in async main function: TypeError [ERR_X]: no\n    at main (/workspace/1/main.js:2:9)\n    at /workspace/1/runner.js:9:1\n',
    ],
  ])('names an error that was %s, without the frames of the runner', (_how, printed) => {
    const error = readProgramError('javascript', printed);
    expect(error).toMatchObject({ type: 'TypeError', message: 'no' });
    expect(error?.traceback).toContain('/main.js:2:9');
    expect(error?.traceback).not.toContain('runner.js');
  });

  test('finds nothing in words without a stack', () => {
    expect(readProgramError('javascript', 'Error: main is not a function\n')).toBeUndefined();
  });
});
