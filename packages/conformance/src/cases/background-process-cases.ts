import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage } from '../define-case.ts';
import { expectEqual, expectSettled, expectStatus } from '../expectations.ts';
import { BEATING, expectSilence } from './beating-process.ts';

/** Seconds for which a process that was left behind would go on by itself. */
const LIFE_SECONDS = 10;
/** A call that has not settled by then waits for the process that was left behind. */
const PATIENCE_MS = 5000;

/** Starts a process that holds both streams open, waits until it has written something, and ends. */
const leaving = (child: { python: string; javascript: string }, detached: boolean) => ({
  python:
    'import os, subprocess, sys, time\nif os.path.exists("beat"):\n    os.unlink("beat")\n' +
    `subprocess.Popen([sys.executable, "-c", ${JSON.stringify(child.python)}], start_new_session=${detached ? 'True' : 'False'})\n` +
    'while not os.path.exists("beat") or os.path.getsize("beat") == 0:\n    time.sleep(0.01)\nprint("parent")\n',
  javascript:
    "const fs = require('node:fs');\nconst { spawn } = require('node:child_process');\nfs.rmSync('beat', { force: true });\n" +
    `spawn(process.execPath, ['-e', ${JSON.stringify(child.javascript)}], { detached: ${detached}, stdio: 'inherit' }).unref();\n` +
    "const timer = setInterval(() => {\n  if (!fs.existsSync('beat') || fs.statSync('beat').size === 0) return;\n  clearInterval(timer);\n  console.log('parent');\n}, 10);\n",
});

const HOLDING = {
  python: `import time; open("beat", "w").write("x"); time.sleep(${LIFE_SECONDS})`,
  javascript: `require('node:fs').writeFileSync('beat', 'x'); setTimeout(() => {}, ${LIFE_SECONDS * 1000})`,
};

/** Processes that a program leaves behind. */
export const backgroundProcessCases: readonly ConformanceCase[] = [
  inEachLanguage({
    id: 'isolation/background-process-delays-nothing',
    title: 'does not wait for a process that the program left behind with its streams open',
    requires: ['subprocesses'],
    programs: leaving(HOLDING, false),
    async run(context, { code, language }) {
      const result = await expectSettled(context.execute({ code, language }), PATIENCE_MS, 'the call whose program has ended');
      expectStatus(result, 'completed');
      expectEqual(result.stdout, 'parent\n', 'stdout');
    },
  }),
  inEachLanguage({
    id: 'isolation/background-process-ends',
    title: 'ends a process that the program left behind',
    requires: ['subprocesses', 'files'],
    programs: leaving(BEATING, false),
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      expectStatus(await sandbox.execute({ code, language }, { signal: context.signal }), 'completed');
      await expectSilence(sandbox);
    },
  }),
  inEachLanguage({
    id: 'isolation/detached-process-ends',
    title: 'ends a process that left the session of the program',
    requires: ['subprocesses', 'files'],
    programs: leaving(BEATING, true),
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      expectStatus(await sandbox.execute({ code, language }, { signal: context.signal }), 'completed');
      await expectSilence(sandbox);
    },
  }),
].flat();
