import type { ExecutionResult } from '@sandport/core';
import type { CaseProgram } from '../define-case.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage } from '../define-case.ts';
import { expectBeginning, expectEqual, expectIncludes, expectStatus, expectText, expectTrue } from '../expectations.ts';
import { exitCases } from './exit-cases.ts';

/** The files that the frames of a traceback name, without those of the language's own machinery. */
function framesOf(traceback: string, { language }: CaseProgram): { file: string; line: number }[] {
  const frame = language === 'python' ? /^ {2}File "([^"]+)", line (\d+)/ : /^ +at .*?([^\s()]+?):(\d+):\d+\)?$/;
  return traceback
    .split('\n')
    .map((line) => frame.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ file: match[1] ?? '', line: Number(match[2]) }))
    .filter(({ file }) => !file.startsWith('node:'));
}

function expectUserFrames(result: ExecutionResult, program: CaseProgram, lines: readonly number[]): void {
  expectStatus(result, 'failed');
  const frames = framesOf(result.error.traceback, program);
  const found = frames.map(({ line }) => line).toSorted((a, b) => a - b);
  expectEqual(found, lines, `lines that the traceback names\n${result.error.traceback}\n`);
  expectEqual(new Set(frames.map(({ file }) => file)).size, 1, `files that the traceback names\n${result.error.traceback}\n`);
}

/** A case in which a program fails with an error of a known type. */
function failingCase(definition: {
  id: string;
  title: string;
  programs: { python?: string; javascript?: string };
  type: { python: string; javascript: string };
  message: string;
}): ConformanceCase[] {
  return inEachLanguage({
    ...definition,
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      const { type } = result.error;
      // Python may put the module before the name of a class, as its own traceback does.
      expectTrue(type.split('.').at(-1) === definition.type[language], 'type of the error', type, definition.type[language]);
      expectIncludes(result.error.message, definition.message, 'message of the error');
    },
  });
}

const exceptionCases = [
  inEachLanguage({
    id: 'errors/exception',
    title: "reports an exception with type, message and a traceback that shows the program's own lines only",
    programs: {
      python: 'def inner():\n    raise LookupError("no such key")\ndef main():\n    return inner()\n',
      javascript: "function inner() {\n  throw new RangeError('no such key');\n}\nfunction main() {\n  return inner();\n}\n",
    },
    async run(context, program) {
      const result = await context.execute(program);
      expectStatus(result, 'failed');
      const { type, message } = result.error;
      const expected = program.language === 'python' ? 'LookupError' : 'RangeError';
      expectEqual({ type, message }, { type: expected, message: 'no such key' }, 'type and message');
      expectUserFrames(result, program, program.language === 'python' ? [2, 4] : [2, 5]);
      expectIncludes(result.stderr, 'no such key', 'stderr');
    },
  }),
  inEachLanguage({
    id: 'errors/at-load',
    title: 'reports an exception outside main in the same way',
    programs: {
      python: 'print("loading")\nint("twelve")\ndef main():\n    return 1\n',
      javascript: "console.log('loading');\nJSON.parse('{');\nfunction main() {\n  return 1;\n}\n",
    },
    async run(context, program) {
      const result = await context.execute(program);
      expectStatus(result, 'failed');
      expectEqual(result.error.type, program.language === 'python' ? 'ValueError' : 'SyntaxError', 'type of the error');
      expectUserFrames(result, program, [2]);
      expectEqual(result.stdout, 'loading\n', 'stdout');
    },
  }),
  failingCase({
    id: 'errors/asynchronous',
    title: 'reports an exception of an asynchronous main',
    programs: {
      python: 'import asyncio\nasync def main():\n    await asyncio.sleep(0.01)\n    raise TypeError("came later")\n',
      javascript:
        "async function main() {\n  await new Promise((done) => setTimeout(done, 10));\n  throw new TypeError('came later');\n}\n",
    },
    type: { python: 'TypeError', javascript: 'TypeError' },
    message: 'came later',
  }),
  failingCase({
    id: 'errors/own-class',
    title: "names an error of the program's own class",
    programs: {
      python: 'class StockEmpty(Exception):\n    pass\ndef main():\n    raise StockEmpty("none left")\n',
      javascript:
        "class StockEmpty extends Error {\n  name = 'StockEmpty';\n}\nfunction main() {\n  throw new StockEmpty('none left');\n}\n",
    },
    type: { python: 'StockEmpty', javascript: 'StockEmpty' },
    message: 'none left',
  }),
  failingCase({
    id: 'errors/recursion',
    title: 'reports endless recursion as an error of the program',
    programs: {
      python: 'def main(depth=0):\n    return main(depth + 1)\n',
      javascript: 'function main() {\n  return main() + 1;\n}\n',
    },
    type: { python: 'RecursionError', javascript: 'RangeError' },
    message: 'aximum',
  }),
  inEachLanguage({
    id: 'errors/thrown-text',
    title: 'reports a thrown value that is not an error',
    programs: { javascript: "function main() {\n  throw 'just a text';\n}\n" },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      expectIncludes(result.error.message, 'just a text', 'message of the error');
    },
  }),
  inEachLanguage({
    id: 'errors/unhandled-rejection',
    title: 'fails a program that leaves a rejection unhandled',
    programs: {
      javascript:
        "function main() {\n  Promise.reject(new Error('nobody waits'));\n  return new Promise((done) => setTimeout(done, 100));\n}\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      expectIncludes(result.error.message, 'nobody waits', 'message of the error');
    },
  }),
  inEachLanguage({
    id: 'errors/output-kept',
    title: 'keeps both streams of a program that fails',
    programs: {
      python: 'import sys\nprint("step one")\nprint("careful", file=sys.stderr)\nraise ValueError("step two")\n',
      javascript: "console.log('step one');\nconsole.error('careful');\nthrow new Error('step two');\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      expectEqual(result.stdout, 'step one\n', 'stdout');
      expectBeginning(result.stderr, 'careful\n', 'stderr');
    },
  }),
];

const callingCases = [
  inEachLanguage({
    id: 'errors/syntax',
    title: 'reports a program that cannot be parsed as its own failure, with the line',
    programs: { python: 'print("never")\ndef main(:\n    pass\n', javascript: "console.log('never');\nconst main = () => ;\n" },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      expectEqual(result.error.type, 'SyntaxError', 'type of the error');
      expectText(result.error.message, 'message of the error');
      expectEqual(result.stdout, '', 'stdout');
      expectTrue(/(line |:)2\b/.test(`${result.error.traceback}\n${result.stderr}`), 'the line is named', result.error);
    },
  }),
  inEachLanguage({
    id: 'errors/main-not-callable',
    title: 'fails a program whose main cannot be called',
    programs: { python: 'main = 42\n', javascript: 'module.exports.main = 42;\n' },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      expectIncludes(result.error.message, 'main', 'message of the error');
    },
  }),
  inEachLanguage({
    id: 'errors/wrong-arguments',
    title: 'fails a main that cannot take the arguments',
    programs: { python: 'def main(rows):\n    return len(rows)\n', javascript: 'function main({ rows }) {\n  return rows.length;\n}\n' },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, arguments: { columns: [] } });
      expectStatus(result, 'failed');
      expectEqual(result.error.type, 'TypeError', 'type of the error');
    },
  }),
];

/** What a program did wrong is a result with an error in the program's own terms. */
export const errorCases: readonly ConformanceCase[] = [...exceptionCases, ...callingCases, exitCases].flat();
