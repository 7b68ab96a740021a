import { expect } from 'vitest';
import { anyNumber, javascript, programError, python, textWith, value, type OutcomeRow } from './ragflow-outcome-row.ts';

/** Runs that succeed, by what comes back of `main`. */
export const VALUE_ROWS: readonly OutcomeRow[] = [
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

const write = (path: string, bytes: string): string => `    open("artifacts/${path}", "wb").write(${bytes})`;

/** Runs that leave files. */
export const ARTIFACT_ROWS: readonly OutcomeRow[] = [
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
