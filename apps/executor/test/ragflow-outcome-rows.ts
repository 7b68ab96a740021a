import { expect } from 'vitest';
import type { RagflowOutcome, RagflowProgramInput } from './ragflow-client.ts';

/** What a row's program needs: `any` runs everywhere; `node` needs Node's modules; `processes` a system in which programs are processes. */
export type RowNeeds = 'any' | 'node' | 'processes';

/** A program, and what RAGFlow's executor manager is known to answer, or what we chose in its place. */
export interface OutcomeRow {
  readonly name: string;
  readonly needs: RowNeeds;
  readonly request: RagflowProgramInput;
  /** Members of the answer; those that are not named may have any value. */
  readonly expected: Readonly<Record<string, unknown>>;
  /** What an agent's node makes of it. */
  readonly outcome?: RagflowOutcome;
}

// Vitest's matchers have no type of their own.
const textWith = (part: string): unknown => expect.stringContaining(part);
const anyNumber: unknown = expect.any(Number);

const python = (...lines: string[]): RagflowProgramInput => ({ language: 'python', code: `${lines.join('\n')}\n` });
const javascript = (...lines: string[]): RagflowProgramInput => ({ language: 'javascript', code: `${lines.join('\n')}\n` });
const value = (found: unknown): object => ({ present: true, value: found, type: 'json' });

/** Nothing that a failed run leaves is told besides its words. */
const NOTHING_TOLD = { stdout: '', artifacts: [], result: null };
const programError = (exitCode: number, stderr: unknown): Record<string, unknown> => ({
  ...NOTHING_TOLD,
  status: 'program_error',
  exit_code: exitCode,
  stderr,
  detail: null,
  resource_limit_type: null,
  unauthorized_access_type: null,
  runtime_error_type: 'nonzero_exit',
});

const VALUES: readonly OutcomeRow[] = [
  {
    name: 'a value, with what was printed beside it',
    needs: 'any',
    request: { ...python('def main(a, b):', '    print("working")', '    return {"sum": a + b}'), arguments: { a: 1, b: 2 } },
    expected: {
      status: 'success',
      stdout: 'working\n',
      stderr: '',
      exit_code: 0,
      detail: null,
      time_used_ms: anyNumber,
      memory_used_kb: null,
      resource_limit_type: null,
      unauthorized_access_type: null,
      runtime_error_type: null,
      artifacts: [],
      result: value({ sum: 3 }),
    },
    outcome: { value: { sum: 3 } },
  },
  {
    name: 'a value of JavaScript',
    needs: 'any',
    request: { ...javascript('async function main({ name }) { return `hello ${name}`; }'), arguments: { name: 'Zoë' } },
    expected: { status: 'success', exit_code: 0, stderr: '', result: value('hello Zoë') },
    outcome: { value: 'hello Zoë' },
  },
  {
    name: 'true, false and null as arguments',
    needs: 'any',
    request: { ...python('def main(**given):', '    return given'), arguments: { yes: true, no: false, nothing: null } },
    expected: { status: 'success', result: value({ yes: true, no: false, nothing: null }) },
  },
  {
    name: 'no arguments where there are none',
    needs: 'any',
    request: { ...python('def main(**given):', '    return given'), arguments: null },
    expected: { status: 'success', result: value({}) },
  },
  {
    name: 'a main of Python that returns nothing',
    needs: 'any',
    request: python('def main():', '    pass'),
    expected: { status: 'success', exit_code: 0, result: value(null) },
    outcome: { value: null },
  },
  {
    name: 'a main of JavaScript that returns nothing',
    needs: 'any',
    request: javascript('function main() { console.log("done"); }'),
    expected: { status: 'success', exit_code: 0, stdout: 'done\n', result: value(null) },
    outcome: { value: null },
  },
  {
    name: 'a script without a main: what it prints is its result',
    needs: 'any',
    request: python('print([1, 2])'),
    expected: { status: 'success', exit_code: 0, stdout: '[1, 2]\n', result: null },
    outcome: { value: [1, 2] },
  },
  {
    name: 'a marker that a program prints is text',
    needs: 'any',
    request: python('def main():', '    print("__RAGFLOW_RESULT__:e30=")', '    return 1'),
    expected: { status: 'success', stdout: '__RAGFLOW_RESULT__:e30=\n', result: value(1) },
    outcome: { value: 1 },
  },
  {
    name: 'words on stderr beside a value',
    needs: 'any',
    request: python('import sys', 'def main():', '    print("careful", file=sys.stderr)', '    return 1'),
    expected: { status: 'success', stderr: 'careful\n', result: value(1) },
    outcome: { value: 1 },
  },
  {
    name: 'a program that imports os',
    needs: 'any',
    request: python('import os', 'def main():', '    return os.sep + str(60 * 60)'),
    expected: { status: 'success', result: value('/3600') },
  },
  {
    name: 'main as the whole of what a module exports',
    needs: 'node',
    request: javascript('module.exports = async () => 1;'),
    expected: { status: 'success', result: value(1) },
  },
  {
    name: 'main as a member of what a module exports',
    needs: 'node',
    request: javascript('module.exports.main = () => 2;'),
    expected: { status: 'success', result: value(2) },
  },
  {
    name: 'main that is exported and named',
    needs: 'node',
    request: javascript('const main = () => 3;', 'module.exports = { main };'),
    expected: { status: 'success', result: value(3) },
  },
];

const FAILURES: readonly OutcomeRow[] = [
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

const LIMITS: readonly OutcomeRow[] = [
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

const write = (path: string, bytes: string): string => `    open("artifacts/${path}", "wb").write(${bytes})`;

const ARTIFACTS: readonly OutcomeRow[] = [
  {
    name: 'a file of a kind that RAGFlow takes',
    needs: 'any',
    request: python(
      'import os',
      'def main():',
      '    os.makedirs("artifacts", exist_ok=True)',
      write('table.csv', 'b"a,b\\n"'),
      '    return 1',
    ),
    expected: {
      status: 'success',
      detail: null,
      artifacts: [{ name: 'table.csv', mime_type: 'text/csv', size: 4, content_b64: 'YSxiCg==' }],
    },
  },
  {
    name: 'files that RAGFlow does not take are named',
    needs: 'any',
    request: python(
      'import os',
      'def main():',
      '    os.makedirs("artifacts/deep", exist_ok=True)',
      write('a.PNG', 'b"x"'),
      write('b.txt', 'b"x"'),
      write('.c.csv', 'b"x"'),
      write('empty.csv', 'b""'),
      write('deep/d.csv', 'b"x"'),
      '    return 1',
    ),
    expected: {
      status: 'success',
      artifacts: [{ name: 'a.PNG', mime_type: 'image/png', size: 1, content_b64: 'eA==' }],
      detail: expect.stringMatching(
        /^Not handed over: .*\.c\.csv \(name-not-allowed\), b\.txt \(name-not-allowed\), empty\.csv \(empty\)\.$/,
      ) as unknown,
    },
  },
  {
    name: 'ten files at most',
    needs: 'any',
    request: python(
      'import os',
      'def main():',
      '    os.makedirs("artifacts", exist_ok=True)',
      '    for index in range(12):',
      '        open(f"artifacts/{index:02}.csv", "wb").write(b"x")',
    ),
    expected: {
      status: 'success',
      artifacts: Array.from({ length: 10 }, (_, index): unknown =>
        expect.objectContaining({ name: `${String(index).padStart(2, '0')}.csv` }),
      ),
      detail: 'Not handed over: 10.csv (count-limit), 11.csv (count-limit).',
    },
  },
  {
    name: 'a failed run hands no file over',
    needs: 'any',
    request: python(
      'import os',
      'def main():',
      '    os.makedirs("artifacts", exist_ok=True)',
      write('table.csv', 'b"a"'),
      '    raise ValueError("late")',
    ),
    expected: programError(1, textWith('ValueError: late')),
  },
];

/** What a real program and RAGFlow's own client can show of the outcomes. */
export const OUTCOME_ROWS: readonly OutcomeRow[] = [...VALUES, ...FAILURES, ...LIMITS, ...ARTIFACTS];
