import type { ExecutionRequestInput, ExecutionResult } from '@sandport/core';
import type { CapabilityName } from '../capability-name.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { inOneLanguage } from '../define-case.ts';
import { expectEqual, expectSettled, expectStatus, expectValue } from '../expectations.ts';

const SETTLING_MS = 15_000;
const MEBIBYTE = 1024 * 1024;

/** A case in which a call ends badly and the next one works in the same sandbox, with the files that were there. */
function afterCase(definition: {
  name: string;
  title: string;
  programs: { python: string; javascript: string };
  status: ExecutionResult['status'];
  limits?: ExecutionRequestInput['limits'];
  sandboxLimits?: { memoryBytes: number };
  abortAfterOutput?: boolean;
  requires?: readonly CapabilityName[];
}): ConformanceCase[] {
  const { name, title, status, limits = {}, sandboxLimits = {}, abortAfterOutput = false, requires = [] } = definition;
  const programs = {
    python: `open("kept", "w").write("kept")\n${definition.programs.python}`,
    javascript: `require('node:fs').writeFileSync('kept', 'kept');\n${definition.programs.javascript}`,
  };
  return inOneLanguage({
    id: `sandboxes/after-${name}`,
    title,
    requires: ['executionsPerSandbox.many', ...requires],
    programs,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language, limits: sandboxLimits });
      const controller = new AbortController();
      const onOutput = abortAfterOutput ? () => controller.abort() : undefined;
      const bad = sandbox.execute({ code, language, limits, onOutput }, { signal: controller.signal });
      const result = await expectSettled(bad, SETTLING_MS, 'the call that ends badly');
      expectEqual(result.status, status, 'status of the call that ends badly');
      const next = await sandbox.execute({ code: READING[language], language }, { signal: context.signal });
      expectStatus(next, 'completed');
      expectValue(next, 'kept');
      expectEqual([next.stdout, next.stderr], ['', ''], 'output of the next call');
    },
  });
}

const READING = {
  python: 'def main():\n    return open("kept").read()\n',
  javascript: "const main = () => require('node:fs').readFileSync('kept', 'utf8');\n",
};

/** A call that ends badly takes nothing of its sandbox with it. */
export const recoveryCases: readonly ConformanceCase[] = [
  afterCase({
    name: 'failure',
    title: 'executes again after a program failed',
    programs: { python: 'raise ValueError("failed")\n', javascript: "throw new Error('failed');\n" },
    status: 'failed',
  }),
  afterCase({
    name: 'crash',
    title: 'executes again after a program crashed',
    programs: { python: 'import os\nos.abort()\n', javascript: 'process.abort();\n' },
    status: 'failed',
  }),
  afterCase({
    name: 'kill',
    title: 'executes again after a program was killed',
    programs: { python: 'import os\nos.kill(os.getpid(), 9)\n', javascript: "process.kill(process.pid, 'SIGKILL');\n" },
    status: 'killed',
  }),
  afterCase({
    name: 'timeout',
    title: 'executes again after a program ran out of time',
    programs: { python: 'while True:\n    pass\n', javascript: 'for (;;);\n' },
    status: 'timed-out',
    // Time to write its file first, also on a busy machine.
    limits: { timeoutMs: 2000 },
  }),
  afterCase({
    name: 'cancel',
    title: 'executes again after a call was withdrawn while its program ran',
    programs: {
      python: 'import time\nprint("begun", flush=True)\ntime.sleep(10)\n',
      javascript: "console.log('begun');\nsetTimeout(() => {}, 10000);\n",
    },
    status: 'cancelled',
    abortAfterOutput: true,
    requires: ['cancellation', 'streamsOutput'],
  }),
  afterCase({
    name: 'output-limit',
    title: 'executes again after a program wrote too much',
    programs: {
      python: 'import time\nprint("x" * 100000, flush=True)\ntime.sleep(10)\n',
      javascript: "console.log('x'.repeat(100000));\nsetTimeout(() => {}, 10000);\n",
    },
    status: 'output-limit-exceeded',
    limits: { outputBytes: 1000 },
  }),
  afterCase({
    name: 'out-of-memory',
    title: 'executes again after a program ran out of memory',
    programs: {
      python: 'kept = []\nwhile True:\n    kept.append(b"x" * 8388608)\n',
      javascript: 'const kept = [];\nfor (;;) kept.push(Buffer.alloc(8388608, 1));\n',
    },
    status: 'out-of-memory',
    limits: { timeoutMs: 12_000 },
    sandboxLimits: { memoryBytes: 128 * MEBIBYTE },
    requires: ['limits.memory'],
  }),
  afterCase({
    name: 'emptying',
    title: 'executes again after a program removed everything in its work folder',
    programs: {
      python:
        'import os, shutil\nfor name in os.listdir("."):\n    shutil.rmtree(name) if os.path.isdir(name) else os.unlink(name)\n' +
        'open("kept", "w").write("kept")\n',
      javascript:
        "const fs = require('node:fs');\nfor (const name of fs.readdirSync('.')) fs.rmSync(name, { recursive: true });\nfs.writeFileSync('kept', 'kept');\n",
    },
    status: 'completed',
  }),
].flat();
