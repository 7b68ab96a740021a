import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage } from '../define-case.ts';
import { expectEqual, expectIncludes, expectStatus, expectText, expectTrue } from '../expectations.ts';

const exiting = (code: number) => ({
  python: `import sys\nprint("before", end="")\nsys.exit(${code})\n`,
  javascript: `process.stdout.write('before');\nprocess.exitCode = 1;\nprocess.exit(${code});\n`,
});

/** A case in which the program ends with a code of its own that is not 0. */
function exitCodeCase(code: number, title: string): ConformanceCase[] {
  return inEachLanguage({
    id: `errors/exit-code-${code}`,
    title,
    programs: exiting(code),
    async run(context, { code: source, language }) {
      const result = await context.execute({ code: source, language });
      expectStatus(result, 'failed');
      expectEqual([result.exitCode, result.signal, result.stdout], [code, null, 'before'], 'exit code, signal and stdout');
      expectText(result.error.message, 'message of the error');
    },
  });
}

/** A case in which the program sends itself a signal. */
function signalCase(signal: string, title: string, status: 'failed' | 'killed'): ConformanceCase[] {
  return inEachLanguage({
    id: `errors/${signal.toLowerCase()}`,
    title,
    requires: ['subprocesses'],
    programs: {
      python: `import os, signal\nos.write(1, b"before")\nos.kill(os.getpid(), signal.${signal})\nsignal.pause()\n`,
      javascript: `require('node:fs').writeSync(1, 'before');\nprocess.kill(process.pid, '${signal}');\nsetTimeout(() => {}, 20000);\n`,
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, status);
      expectEqual([result.signal, result.stdout], [signal, 'before'], 'signal and stdout');
    },
  });
}

const WORDS = [
  'MemoryError',
  'Permission denied',
  'Operation not permitted',
  'Killed',
  'Execution timeout',
  'Traceback (most recent call last):',
  'OOMKilled',
];

const printing = (then: { python: string; javascript: string }) => ({
  python: `import sys\nfor words in ${JSON.stringify(WORDS)}:\n    print(words, file=sys.stderr)\n${then.python}`,
  javascript: `for (const words of ${JSON.stringify(WORDS)}) console.error(words);\n${then.javascript}`,
});

/** How a program ends by itself, and what no verdict may be read from. */
export const exitCases: readonly ConformanceCase[] = [
  inEachLanguage({
    id: 'errors/exit-code-0',
    title: 'completes a program that exits with 0',
    programs: {
      python: 'import sys\nprint("before", end="")\nsys.exit(0)\n',
      javascript: "process.stdout.write('before');\nprocess.exit(0);\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual([result.exitCode, result.stdout], [0, 'before'], 'exit code and stdout');
    },
  }),
  exitCodeCase(3, 'fails a program that exits with another code, and tells the code'),
  exitCodeCase(124, 'does not mistake the exit code 124 for a time limit'),
  exitCodeCase(137, 'does not mistake the exit code 137 for a kill or a lack of memory'),
  inEachLanguage({
    id: 'errors/words-of-success',
    title: 'completes a program that only prints words of failure',
    programs: printing({ python: '', javascript: '' }),
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual(result.stderr, `${WORDS.join('\n')}\n`, 'stderr');
    },
  }),
  inEachLanguage({
    id: 'errors/words-of-failure',
    title: 'reads no verdict from what a failing program prints',
    programs: printing({ python: 'sys.exit(1)\n', javascript: 'process.exitCode = 1;\n' }),
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      expectEqual(result.exitCode, 1, 'exit code');
    },
  }),
  inEachLanguage({
    id: 'errors/memory-error-raised',
    title: 'takes an error that the program raises about memory or permission for its own failure',
    programs: {
      python: 'def main():\n    raise MemoryError("Permission denied")\n',
      javascript: "function main() {\n  throw new RangeError('Array buffer allocation failed');\n}\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      expectEqual(result.error.type, language === 'python' ? 'MemoryError' : 'RangeError', 'type of the error');
    },
  }),
  inEachLanguage({
    id: 'errors/exit-text',
    title: 'fails a program that exits with a text, and keeps the text',
    programs: { python: 'import sys\nsys.exit("nothing to do")\n' },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      expectEqual(result.exitCode, 1, 'exit code');
      expectIncludes(result.stderr, 'nothing to do', 'stderr');
    },
  }),
  signalCase('SIGABRT', 'fails a program that aborts, and names the signal', 'failed'),
  signalCase('SIGSEGV', 'fails a program that crashes, and names the signal', 'failed'),
  inEachLanguage({
    id: 'errors/sigkill',
    title: 'says killed, not out-of-memory, of a SIGKILL that nothing explains',
    requires: ['subprocesses'],
    programs: {
      python: 'import os, signal\nos.write(1, b"before")\nos.kill(os.getpid(), signal.SIGKILL)\n',
      javascript: "require('node:fs').writeSync(1, 'before');\nprocess.kill(process.pid, 'SIGKILL');\nsetTimeout(() => {}, 20000);\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'killed');
      expectEqual(result.stdout, 'before', 'stdout');
      expectTrue(
        result.evidence.some(({ kind }) => kind === 'exit' || kind === 'sandbox-end'),
        'the evidence shows how it ended',
        result.evidence,
      );
    },
  }),
].flat();
