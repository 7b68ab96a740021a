import { EXECUTION_LIMIT_RANGES, SANDBOX_LIMIT_RANGES } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectRefusal, expectTrue, expectValue } from '../expectations.ts';
import { NotApplicable } from '../conformance-failure.ts';
import { BEATING, expectSilence } from './beating-process.ts';
import { limitRangeCases } from './limit-range-cases.ts';
import { resourceLimitCases } from './resource-limit-cases.ts';
import { expectTimedOut } from './expect-timed-out.ts';

/** A case in which only our own timer can end the program. */
function endlessCase(name: string, title: string, programs: { python: string; javascript: string }, timeoutMs = 700): ConformanceCase[] {
  return inEachLanguage({
    id: `limits/${name}`,
    title,
    programs,
    async run(context, program) {
      const sandbox = await context.createSandbox({ language: program.language });
      await expectTimedOut(context, sandbox, program, timeoutMs);
    },
  });
}

const timeCases = [
  endlessCase(
    'busy-loop',
    'ends a program that computes without end',
    {
      python: 'import os\nos.write(1, b"begun\\n")\nwhile True:\n    pass\n',
      javascript: "require('node:fs').writeSync(1, 'begun\\n');\nfor (;;);\n",
    },
    500,
  ),
  endlessCase('sleeper', 'ends a program that waits without end', {
    python: 'import time\ndef main():\n    print("begun", flush=True)\n    time.sleep(25)\n',
    javascript: "function main() {\n  console.log('begun');\n  return new Promise((done) => setTimeout(done, 25000));\n}\n",
  }),
  endlessCase('stubborn', 'ends a program that catches every signal and every exception', {
    python:
      'import signal, time\nfor number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n' +
      '    signal.signal(number, lambda *_: None)\nprint("begun", flush=True)\nuntil = time.monotonic() + 25\n' +
      'while time.monotonic() < until:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass\n',
    javascript:
      "for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGALRM']) process.on(name, () => {});\n" +
      "process.on('uncaughtException', () => {});\nconsole.log('begun');\nsetTimeout(() => {}, 25000);\n",
  }),
  inOneLanguage({
    id: 'limits/children',
    title: 'ends the processes that a program started together with it',
    requires: ['subprocesses', 'files'],
    programs: {
      python:
        'import os, subprocess, sys, time\n' +
        `subprocess.Popen([sys.executable, "-c", ${JSON.stringify(BEATING.python)}])\n` +
        'while not os.path.exists("beat") or os.path.getsize("beat") == 0:\n    time.sleep(0.01)\nprint("begun", flush=True)\ntime.sleep(25)\n',
      javascript:
        "const { spawn } = require('node:child_process');\n" +
        `spawn(process.execPath, ['-e', ${JSON.stringify(BEATING.javascript)}], { stdio: 'inherit' });\n` +
        "console.log('begun');\nsetTimeout(() => {}, 25000);\n",
    },
    async run(context, program) {
      const sandbox = await context.createSandbox({ language: program.language });
      await expectTimedOut(context, sandbox, program, 1000);
      await expectSilence(sandbox);
    },
  }),
];

const rangeCases = [
  inOneLanguage({
    id: 'limits/timeout-maximum',
    title: 'refuses a time limit above the declared maximum',
    programs: { python: 'print("ran")\n', javascript: "console.log('ran');\n" },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const timeoutMs = context.capabilities.maxima.timeoutMs + 1;
      await expectRefusal(sandbox.execute({ code, language, limits: { timeoutMs } }), 'REQUEST_INVALID', 'limits.timeoutMs');
    },
  }),
  inOneLanguage({
    id: 'limits/memory-range',
    title: 'refuses a memory limit outside the range',
    requires: ['limits.memory'],
    programs: { python: '', javascript: '' },
    async run(context, { language }) {
      const { min, max } = SANDBOX_LIMIT_RANGES.memoryBytes;
      const maximum = context.capabilities.maxima.memoryBytes ?? max;
      for (const memoryBytes of [0, min - 1, min + 0.5, maximum + 1]) {
        const call = context.createSandbox({ language, limits: { memoryBytes } });
        await expectRefusal(call, 'REQUEST_INVALID', 'limits.memoryBytes');
      }
    },
  }),
  inOneLanguage({
    id: 'limits/longest-timeout',
    title: 'takes the longest time limit that it declares',
    programs: { python: 'def main():\n    return "in time"\n', javascript: "const main = () => 'in time';\n" },
    async run(context, { code, language }) {
      const { timeoutMs } = context.capabilities.maxima;
      if (timeoutMs > EXECUTION_LIMIT_RANGES.timeoutMs.max) throw new NotApplicable('the maximum lies above the range of the contract');
      expectValue(await context.execute({ code, language, limits: { timeoutMs } }), 'in time');
    },
  }),
  inOneLanguage({
    id: 'limits/usable-afterwards',
    title: 'still serves calls after one that was ended',
    programs: { python: 'import time\ntime.sleep(6)\n', javascript: 'setTimeout(() => {}, 6000);\n' },
    async run(context, { code, language }) {
      const ended = await context.execute({ code, language, limits: { timeoutMs: 300 } });
      expectEqual(ended.status, 'timed-out', 'status of the first call');
      const next = await context.execute({ code: language === 'python' ? 'print(1)' : 'console.log(1)', language });
      expectTrue(next.status === 'completed', 'status of the next call', next.status, 'completed');
      expectEqual(next.stdout, '1\n', 'stdout of the next call');
    },
  }),
];

/** Limits are kept from outside, and the verdict names the fact. */
export const limitCases: readonly ConformanceCase[] = [...timeCases, ...rangeCases, resourceLimitCases, limitRangeCases].flat();
