import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionResult } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { expectEqual, expectEvidence, expectRefusal, expectSettled, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { contextCase, contextCaseInOneLanguage, expectFailedWith, type Notebook } from './context-case.ts';

/** Interrupting, yielding or being ended, and starting the next cell. */
const SETTLING_MS = 3000;

const BUSY = {
  python: ['x = 41', 'x = 42\nprint("begun", flush=True)\nwhile True:\n    pass', 'x'],
  javascript: ['let x = 41;', "x = 42;\nrequire('node:fs').writeSync(1, 'begun\\n');\nfor (;;);", 'x'],
};
const SLEEPING = {
  python: ['x = 41', 'import time\nx = 42\nprint("begun", flush=True)\ntime.sleep(20)', 'x'],
  javascript: ['let x = 41;', "x = 42;\nconsole.log('begun');\nawait new Promise((done) => setTimeout(done, 20000));", 'x'],
};
const STUBBORN = {
  python: ['x = 41', 'import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint("begun", flush=True)\ntime.sleep(20)', 'x'],
  // Nothing interrupts the wait for a child that does not end.
  javascript: [
    'let x = 41;',
    "require('node:fs').writeSync(1, 'begun\\n');\nconst child = \"process.on('SIGINT', () => {}); setTimeout(() => {}, 20000)\";\n" +
      "for (let n = 0; n < 5; n += 1) require('node:child_process').spawnSync(process.execPath, ['-e', child], { stdio: 'ignore' });",
    'x',
  ],
};

/** Runs the second cell and does something to it once it has printed `begun`. */
async function breakOff(
  { kernel, cells, context }: Notebook,
  act: (controller: AbortController) => unknown,
  timeoutMs = 20_000,
): Promise<ExecutionResult> {
  const controller = new AbortController();
  let isBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    isBegun = resolve;
  });
  const call = kernel.execute({ code: cells[1] ?? '', limits: { timeoutMs }, onOutput: () => isBegun() }, { signal: controller.signal });
  await Promise.race([begun, call]);
  await act(controller);
  return expectSettled(call, context.graceMs + SETTLING_MS, 'the cell that was broken off');
}

/** The context lives and knows what the cell that was broken off did. */
async function expectLives({ run }: Notebook, x: number): Promise<void> {
  expectValue(await run(2), x);
}

const abort = (controller: AbortController) => controller.abort();
const nothing = () => undefined;

const interruptCases = [
  ...(
    [
      ['busy', BUSY],
      ['sleeping', SLEEPING],
    ] as const
  ).map(([name, cells]) =>
    contextCase({
      name: `interrupt-${name}`,
      title: `interrupts a ${name} cell and keeps its variables`,
      requires: ['streamsOutput'],
      cells,
      async check(notebook) {
        expectStatus(await notebook.run(0), 'completed');
        const result = await breakOff(notebook, () => notebook.kernel.interrupt());
        expectFailedWith(result, notebook.language === 'python' ? 'KeyboardInterrupt' : 'Interrupted');
        expectEqual(result.stdout, 'begun\n', 'stdout');
        await expectLives(notebook, 42);
      },
    }),
  ),
  contextCase({
    name: 'interrupt-idle',
    title: 'does nothing when no cell runs that could be interrupted',
    cells: { python: ['x = 1', '', 'x'], javascript: ['let x = 1;', '', 'x'] },
    async check({ run, kernel }) {
      await kernel.interrupt();
      expectStatus(await run(0), 'completed');
      await kernel.interrupt();
      await kernel.interrupt();
      await delay(100);
      expectValue(await run(2), 1);
    },
  }),
  contextCaseInOneLanguage({
    name: 'interrupt-caught',
    title: 'lets a cell make of an interrupt what it wants',
    requires: ['streamsOutput'],
    cells: {
      python: [
        'x = 41',
        'try:\n    print("begun", flush=True)\n    while True:\n        pass\nexcept KeyboardInterrupt:\n    x = 43\n"caught"',
        'x',
      ],
      javascript: [
        'let x = 41;',
        "require('node:fs').writeSync(1, 'begun\\n');\ntry { await new Promise(() => setTimeout(() => {}, 20000)); } finally { x = 43; }",
        'x',
      ],
    },
    async check(notebook) {
      const result = await breakOff(notebook, () => notebook.kernel.interrupt());
      if (notebook.language === 'python') {
        expectValue(result, 'caught');
        await expectLives(notebook, 43);
      } else expectStatus(result, 'failed');
    },
  }),
];

const limitCases = [
  ...(
    [
      ['busy', BUSY],
      ['sleeping', SLEEPING],
    ] as const
  ).map(([name, cells]) =>
    contextCase({
      name: `timeout-${name}`,
      title: `keeps the variables of a ${name} cell that runs out of time`,
      cells,
      async check(notebook) {
        expectStatus(await notebook.run(0), 'completed');
        const result = await breakOff(notebook, nothing, 700);
        expectStatus(result, 'timed-out');
        expectEqual([result.stdout, expectEvidence(result, 'timer').limitMs], ['begun\n', 700], 'stdout, and limit of the timer');
        await expectLives(notebook, 42);
      },
    }),
  ),
  contextCase({
    name: 'cancel-keeps',
    title: 'keeps the variables of a cell that is withdrawn while it runs',
    requires: ['cancellation', 'streamsOutput'],
    cells: BUSY,
    async check(notebook) {
      expectStatus(await notebook.run(0), 'completed');
      const result = await breakOff(notebook, abort);
      expectStatus(result, 'cancelled');
      expectEvidence(result, 'abort');
      await expectLives(notebook, 42);
    },
  }),
  contextCaseInOneLanguage({
    name: 'output-limit',
    title: 'ends a cell that writes too much, and keeps the sandbox',
    cells: {
      python: ['x = 41', 'while True:\n    print("x" * 1000)', '"next"'],
      javascript: ['let x = 41;', "for (;;) { console.log('x'.repeat(1000)); await 0; }", "'next'"],
    },
    async check({ run, sandbox, context }) {
      const result = await expectSettled(run(1, { limits: { outputBytes: 10_000, timeoutMs: 15_000 } }), 10_000, 'the cell that floods');
      expectStatus(result, 'output-limit-exceeded');
      expectEqual([result.stdout.length, result.truncated.stdout], [10_000, true], 'length of stdout, and truncated');
      const next = await sandbox.createContext({ signal: context.signal });
      expectValue(await run(2, {}, next), 'next');
    },
  }),
  contextCase({
    name: 'stubborn',
    requires: ['subprocesses'],
    title: 'ends an interpreter that does not yield, with its variables, and keeps the sandbox',
    cells: STUBBORN,
    async check(notebook) {
      expectStatus(await notebook.run(0), 'completed');
      expectStatus(await breakOff(notebook, nothing, 500), 'timed-out');
      await expectRefusal(notebook.run(2), 'CONTEXT_CLOSED');
      const next = await notebook.sandbox.createContext({ signal: notebook.context.signal });
      const answer = await next.execute({ code: '1 + 1' }, { signal: notebook.context.signal });
      expectValue(answer, 2);
    },
  }),
];

const EXITING = {
  python: ['x = 1', 'import sys\nprint("going")\nsys.exit(3)', 'x'],
  javascript: ['let x = 1;', "console.log('going');\nprocess.exit(3);", 'x'],
};

const endCases = [
  contextCase({
    name: 'exit',
    title: 'ends with a cell that ends its interpreter, and refuses the next',
    cells: EXITING,
    async check({ run, kernel, sandbox, context }) {
      expectStatus(await run(0), 'completed');
      const result = await run(1);
      expectStatus(result, 'failed');
      expectEqual([result.exitCode, result.stdout], [3, 'going\n'], 'exit code and stdout');
      await expectRefusal(run(2), 'CONTEXT_CLOSED');
      await expectRefusal(run(2), 'CONTEXT_CLOSED');
      await kernel.interrupt();
      await kernel.destroy();
      const next = await sandbox.createContext({ signal: context.signal });
      expectStatus(await run(0, {}, next), 'completed');
    },
  }),
  contextCase({
    name: 'crash',
    title: 'says killed of a cell whose interpreter was killed, and keeps the sandbox with its files',
    cells: {
      python: ['open("kept", "w").write("kept")', 'import os\nos.kill(os.getpid(), 9)', 'open("kept").read()'],
      javascript: [
        "require('node:fs').writeFileSync('kept', 'kept');",
        "process.kill(process.pid, 'SIGKILL');\nawait new Promise(() => setTimeout(() => {}, 9000));",
        "require('node:fs').readFileSync('kept', 'utf8')",
      ],
    },
    async check({ run, sandbox, context }) {
      expectStatus(await run(0), 'completed');
      const result = await run(1);
      expectStatus(result, 'killed');
      expectEqual(result.signal, 'SIGKILL', 'signal');
      await expectRefusal(run(2), 'CONTEXT_CLOSED');
      expectValue(await run(2, {}, await sandbox.createContext({ signal: context.signal })), 'kept');
    },
  }),
  contextCaseInOneLanguage({
    name: 'destroy',
    title: 'ends when it is destroyed, as often as one likes, and refuses the next cell',
    cells: EXITING,
    async check({ run, kernel, sandbox, context, language }) {
      expectStatus(await run(0), 'completed');
      await kernel.destroy();
      await kernel.destroy();
      await kernel[Symbol.asyncDispose]();
      await expectRefusal(run(2), 'CONTEXT_CLOSED');
      expectStatus(await run(0, {}, await sandbox.createContext({ signal: context.signal })), 'completed');
      expectEqual(language, sandbox.language, 'language of the sandbox, which lives');
    },
  }),
  contextCaseInOneLanguage({
    name: 'destroy-while-running',
    title: 'settles the cell that runs when its context is destroyed',
    requires: ['streamsOutput'],
    cells: SLEEPING,
    async check(notebook) {
      const { run, kernel, sandbox, context } = notebook;
      expectStatus(await run(0), 'completed');
      const call = breakOff(notebook, () => kernel.destroy());
      const [outcome] = await expectSettled(Promise.allSettled([call]), 8000, 'the cell whose context was destroyed');
      if (outcome.status === 'fulfilled') expectTrue(outcome.value.status === 'killed', 'status', outcome.value.status, 'killed');
      else await expectRefusal(call, ['CONTEXT_CLOSED', 'SANDBOX_CLOSED']);
      expectStatus(await run(0, {}, await sandbox.createContext({ signal: context.signal })), 'completed');
    },
  }),
  contextCaseInOneLanguage({
    name: 'sandbox-destroyed',
    title: 'ends with its sandbox',
    cells: EXITING,
    async check({ run, kernel, sandbox }) {
      expectStatus(await run(0), 'completed');
      await sandbox.destroy();
      await expectRefusal(run(2), 'SANDBOX_CLOSED');
      await kernel.destroy();
    },
  }),
];

/** How cells and interpreters are broken off and end. */
export const contextEndCases: readonly ConformanceCase[] = [...interruptCases, ...limitCases, ...endCases].flat();
