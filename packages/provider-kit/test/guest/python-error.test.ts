import { describe, expect, it } from 'vitest';
import { errorOf, runProgram } from './run-program.ts';

const lines = (...text: string[]) => `${text.join('\n')}\n`;

// Newer interpreters underline parts of a line.
const withoutMarks = (text: string) => text.replaceAll(/^ *[~^]+ *\n/gm, '');

describe.each(['python', 'forked-python'] as const)('an uncaught error in %s', (runner) => {
  it('reports and prints the traceback of the program alone', async () => {
    const run = await runProgram(runner, { code: 'def f():\n  return 1 / 0\ndef main():\n  return f()' });
    const traceback = lines(
      'Traceback (most recent call last):',
      '  File "main.py", line 4, in main',
      '    return f()',
      '  File "main.py", line 2, in f',
      '    return 1 / 0',
      'ZeroDivisionError: division by zero',
    );
    expect(run).toMatchObject({ report: { error: { type: 'ZeroDivisionError', message: 'division by zero' } }, exitCode: 1, stdout: '' });
    expect(withoutMarks(run.stderr)).toBe(traceback);
    expect(run.report).toMatchObject({ error: { traceback: run.stderr } });
  });

  it('has no frames of the event loop above an async main', async () => {
    const run = await runProgram(runner, { code: 'async def main():\n  raise KeyError("k")' });
    expect(run.report).toMatchObject({ error: { type: 'KeyError', message: "'k'" } });
    expect(withoutMarks(run.stderr)).toBe(
      lines('Traceback (most recent call last):', '  File "main.py", line 2, in main', '    raise KeyError("k")', "KeyError: 'k'"),
    );
  });

  it('shows causes and contexts', async () => {
    const code = lines(
      'try:',
      '  1 / 0',
      'except Exception as error:',
      '  try:',
      '    raise OSError("second") from error',
      '  finally:',
      '    [][0]',
    );
    const run = await runProgram(runner, { code });
    expect(run.stderr).toContain('The above exception was the direct cause of the following exception:');
    expect(run.stderr).toContain('During handling of the above exception, another exception occurred:');
    expect(run.stderr).toMatch(/IndexError: list index out of range\n$/);
    expect(run.stderr).not.toContain('runner');
  });
});

describe('an uncaught error in Python', () => {
  it.each([
    ['a syntax error', 'x = 1\ndef f(:\n  pass', 'SyntaxError', 'File "main.py", line 2\n    def f(:'],
    ['an indentation error', 'def f():\npass', 'IndentationError', 'File "main.py", line 2\n    pass'],
    ['a class of the program', 'class Boom(Exception): pass\ndef main(x): raise Boom("x")', 'Boom', 'Boom: x\n'],
    ['a class of a module', 'import json\ndef main(x): json.loads("{")', 'json.decoder.JSONDecodeError', 'line 2, in main'],
    ['an assertion', 'assert 1 == 2, "no"', 'AssertionError', 'line 1, in <module>'],
    ['a missing module', 'import nothing_here', 'ModuleNotFoundError', "No module named 'nothing_here'"],
    ['endless recursion', 'def main(x): main(x)', 'RecursionError', 'Previous line repeated'],
    ['a KeyboardInterrupt subclass of BaseException', 'class Stop(BaseException): pass\nraise Stop', 'Stop', 'line 2, in <module>'],
    ['arguments that main does not take', 'def main(y): pass', 'TypeError', "main() got an unexpected keyword argument 'x'"],
    ['a main that is no function', 'main = 3', 'TypeError', 'main is not a function but int'],
    ['a lone surrogate in the message', 'raise ValueError("\\ud800")', 'ValueError', 'ValueError: \\ud800'],
  ])('%s has its type and traceback', async (_title, code, type, part) => {
    const run = await runProgram('python', { code, arguments: { x: 1 } });
    expect(run).toMatchObject({ report: { state: 'error', error: { type } }, exitCode: 1 });
    expect(run.stderr).toContain(part);
    expect(run.stderr).not.toMatch(/python_(runner|program|value)/);
  });

  it('may have a __str__ that fails', async () => {
    const run = await runProgram('python', { code: 'class Bad(Exception):\n  def __str__(self): raise OSError\nraise Bad' });
    expect(run.report).toMatchObject({ error: { type: 'Bad', message: '<str() of the error failed: OSError>' } });
  });

  it('may have a message of any length: the report keeps head and tail', async () => {
    const run = await runProgram('python', { code: 'raise ValueError("<" + "x" * 1_000_000 + ">")' });
    const error = errorOf(run);
    expect(error.message).toMatch(/^<x+\n\.\.\. \d+ characters left out \.\.\.\nx+>$/);
    expect(error.message).toHaveLength(16 * 1024);
    expect(error.traceback).toMatch(/^Traceback[^]+>\n$/);
    expect(error.traceback).toHaveLength(64 * 1024);
    expect(run.stderr.length).toBeGreaterThan(1_000_000);
  });

  it('goes through the excepthook of the program, which sees no frame of the runner', async () => {
    const code = lines(
      'import sys, traceback',
      'def hook(kind, error, tb): print("hook", kind.__name__, [f.name for f in traceback.extract_tb(tb)])',
      'sys.excepthook = hook',
      'def main(): raise ValueError("x")',
    );
    const run = await runProgram('python', { code });
    expect(run).toMatchObject({ report: { error: { message: 'x' } }, stdout: "hook ValueError ['main']\n", stderr: '', exitCode: 1 });
  });

  it('is printed with that of an excepthook that fails', async () => {
    const run = await runProgram('python', { code: 'import sys\nsys.excepthook = lambda *a: 1 / 0\nraise ValueError("x")' });
    expect(run.stderr).toMatch(/^Error in sys\.excepthook:\n[^]+ZeroDivisionError[^]+Original exception was:\n[^]+ValueError: x\n$/);
  });

  it('is reported when stderr is closed', async () => {
    const run = await runProgram('python', { code: 'import sys\nsys.stderr.close()\nraise ValueError("x")' });
    expect(run).toMatchObject({ report: { error: { message: 'x' } }, exitCode: 1 });
  });

  it('ends the process by SIGINT when it is a KeyboardInterrupt', async () => {
    const run = await runProgram('python', { code: 'def main(): raise KeyboardInterrupt' });
    expect(run).toMatchObject({ report: { error: { type: 'KeyboardInterrupt' } }, signal: 'SIGINT' });
    expect(run.stderr).toMatch(/line 1, in main\n[^]*KeyboardInterrupt\n$/);
  });

  it('in a thread or an exit handler does not change the result', async () => {
    const code = lines(
      'import atexit, threading',
      'def fail(): raise ValueError("elsewhere")',
      'atexit.register(fail)',
      'threading.Thread(target=fail).start()',
      'def main(): return 1',
    );
    const run = await runProgram('python', { code });
    expect(run).toMatchObject({ report: { value: 1 }, exitCode: 0 });
    expect(run.stderr.split('ValueError: elsewhere')).toHaveLength(3);
  });

  it('shows warnings of the compiler once', async () => {
    const run = await runProgram('python', { code: 'def main(): return 1 is 1' });
    expect(run.stderr.split('SyntaxWarning')).toHaveLength(2);
  });
});
