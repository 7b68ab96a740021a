import { expect } from 'vitest';
import { anyNumber, javascript, NOTHING_TOLD, programError, python, textWith, type OutcomeRow } from './ragflow-outcome-row.ts';

/** Programs that fail by themselves. */
export const FAILURE_ROWS: readonly OutcomeRow[] = [
  {
    name: 'an exception',
    needs: 'any',
    request: python('def main():', '    print("before")', '    raise ValueError("no such thing")'),
    expected: programError(1, textWith('ValueError: no such thing')),
    outcome: { error: textWith('ValueError: no such thing') as string },
  },
  {
    name: 'an exception of JavaScript',
    needs: 'any',
    request: javascript('function main() { throw new TypeError("not so"); }'),
    expected: programError(1, textWith('not so')),
  },
  {
    name: 'a value that is no JSON',
    needs: 'any',
    request: python('def main():', '    return {1, 2}'),
    expected: programError(1, textWith('TypeError')),
  },
  {
    name: 'a syntax error of Python',
    needs: 'any',
    request: python('def main(:', '    return 1'),
    expected: {
      ...NOTHING_TOLD,
      status: 'program_runner_error',
      exit_code: -999,
      stderr: expect.stringMatching(/^Line -1: Parsing Error: ./) as unknown,
      detail: 'Code is unsafe',
    },
    outcome: { error: expect.stringMatching(/^Line -1: Parsing Error: ./) as string },
  },
  {
    name: 'a syntax error of what a program compiles itself',
    needs: 'any',
    request: python('def main():', '    compile("def (", "inner", "exec")'),
    expected: programError(1, textWith('SyntaxError')),
  },
  {
    name: 'an exit code, without a word on stderr',
    needs: 'any',
    request: python('import sys', 'def main():', '    print("printed")', '    sys.exit(3)'),
    expected: programError(3, 'The program ended with exit code 3.'),
    outcome: { error: 'The program ended with exit code 3.' },
  },
  ...[124, 137].map((code): OutcomeRow => ({
    name: `exit code ${code}, which is the program's own`,
    needs: 'any',
    request: python('import sys', 'def main():', '    print("own", file=sys.stderr)', `    sys.exit(${code})`),
    expected: programError(code, 'own\n'),
  })),
  ...['Permission denied', 'Operation not permitted', 'MemoryError'].map((words): OutcomeRow => ({
    name: `"${words}", which is only printed`,
    needs: 'any',
    request: python('import sys', 'def main():', `    print("${words}", file=sys.stderr)`, '    sys.exit(1)'),
    expected: programError(1, `${words}\n`),
  })),
  {
    name: 'PermissionError for EACCES',
    needs: 'any',
    request: python('import errno', 'def main():', '    raise PermissionError(errno.EACCES, "Permission denied", "/secret")'),
    expected: {
      ...NOTHING_TOLD,
      status: 'unauthorized_access',
      exit_code: 1,
      stderr: textWith('Permission denied'),
      unauthorized_access_type: 'file_access',
      runtime_error_type: null,
    },
  },
  {
    name: 'PermissionError for EPERM',
    needs: 'any',
    request: python('import errno', 'def main():', '    raise PermissionError(errno.EPERM, "Operation not permitted")'),
    expected: {
      ...NOTHING_TOLD,
      status: 'unauthorized_access',
      exit_code: 1,
      stderr: textWith('Operation not permitted'),
      unauthorized_access_type: 'disallowed_syscall',
    },
  },
  {
    name: 'MemoryError',
    needs: 'any',
    request: python('def main():', '    raise MemoryError("too much")'),
    expected: {
      ...NOTHING_TOLD,
      status: 'resource_limit_exceeded',
      exit_code: 1,
      stderr: textWith('MemoryError'),
      resource_limit_type: 'memory',
    },
  },
  {
    name: 'a signal',
    needs: 'processes',
    request: python('import os, signal', 'def main():', '    os.kill(os.getpid(), signal.SIGSEGV)'),
    expected: programError(139, textWith('')),
  },
];

/** Programs that a limit ends. */
export const LIMIT_ROWS: readonly OutcomeRow[] = [
  {
    name: 'time',
    needs: 'any',
    request: python('def main():', '    print("begun", flush=True)', '    while True:', '        pass'),
    expected: {
      ...NOTHING_TOLD,
      status: 'resource_limit_exceeded',
      exit_code: -124,
      stderr: 'Execution timeout',
      resource_limit_type: 'time',
      time_used_ms: anyNumber,
    },
    outcome: { error: 'Execution timeout' },
  },
  {
    name: 'memory, by the proof of the sandbox',
    needs: 'any',
    request: python(
      'def main():',
      '    kept = []',
      '    while True:',
      '        try:',
      '            kept.append(bytearray(1 << 24))',
      '        except MemoryError:',
      '            import os',
      '            os._exit(1)',
    ),
    expected: {
      ...NOTHING_TOLD,
      status: 'resource_limit_exceeded',
      exit_code: -137,
      stderr: 'Memory limit exceeded (killed by OOM)',
      resource_limit_type: 'memory',
    },
  },
  {
    name: 'output',
    needs: 'any',
    request: python('def main():', '    while True:', '        print("x" * 65535)'),
    expected: {
      ...NOTHING_TOLD,
      status: 'resource_limit_exceeded',
      exit_code: -153,
      stderr: 'Output limit exceeded (more than 1048576 bytes of stdout)',
      resource_limit_type: 'output',
    },
  },
];
