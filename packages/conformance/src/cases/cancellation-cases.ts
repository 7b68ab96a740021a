import { setTimeout as delay } from 'node:timers/promises';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage, withoutProgram } from '../define-case.ts';
import { expectBeginning, expectEqual, expectEvidence, expectRefusal, expectSettled, expectStatus } from '../expectations.ts';
import { withdrawalCases } from './withdrawal-cases.ts';

/** Milliseconds after which a program surely runs, where its output cannot be watched. */
const SURELY_STARTED_MS = 1500;
/** Milliseconds in which a program that still ran would have printed again. */
const SILENCE_MS = 400;

/** Prints a line every 50 ms for 8 seconds and cares for no signal. */
const TICKING = {
  python:
    'import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n' +
    'print("begun", flush=True)\nfor _ in range(160):\n    time.sleep(0.05)\n    print("tick", flush=True)\n',
  javascript:
    "process.on('SIGTERM', () => {});\nprocess.on('SIGINT', () => {});\nconsole.log('begun');\nlet left = 160;\n" +
    "const timer = setInterval(() => {\n  console.log('tick');\n  left -= 1;\n  if (left === 0) clearInterval(timer);\n}, 50);\n",
};

/** A withdrawn call settles at once and leaves nothing running. */
export const cancellationCases: readonly ConformanceCase[] = [
  withoutProgram({
    id: 'cancellation/before-creation',
    title: 'creates nothing for a call that was withdrawn before it began',
    async run(context) {
      await expectRefusal(context.createSandbox({ language: context.language }, { signal: AbortSignal.abort() }), 'CANCELLED');
    },
  }),
  inOneLanguage({
    id: 'cancellation/before-start',
    title: 'runs nothing of a program that was withdrawn before it began',
    programs: { python: 'print("ran")\n', javascript: "console.log('ran');\n" },
    async run(context, { code, language }) {
      const seen: string[] = [];
      const sandbox = await context.createSandbox({ language });
      const call = sandbox.execute({ code, language, onOutput: ({ text }) => void seen.push(text) }, { signal: AbortSignal.abort() });
      await expectRefusal(call, 'CANCELLED');
      expectEqual(seen, [], 'output');
    },
  }),
  inEachLanguage({
    id: 'cancellation/while-running',
    title: 'ends a running program within a second of the abort, with its output and the evidence',
    requires: ['cancellation'],
    programs: TICKING,
    async run(context, { code, language }) {
      const controller = new AbortController();
      let outputAfter = 0;
      let isSettled = false;
      let seen = '';
      const onOutput = ({ text }: { text: string }) => {
        seen += text;
        if (isSettled) outputAfter += 1;
        else if (!controller.signal.aborted && seen.startsWith('begun\n')) controller.abort();
      };
      const sandbox = await context.createSandbox({ language });
      const call = sandbox.execute({ code, language, onOutput }, { signal: controller.signal });
      await Promise.race([abortOf(controller.signal), delay(SURELY_STARTED_MS), call]);
      controller.abort();
      const result = await expectSettled(call, context.graceMs, 'the call after its abort');
      isSettled = true;
      expectStatus(result, 'cancelled');
      expectBeginning(result.stdout, 'begun\n', 'stdout');
      expectEvidence(result, 'abort');
      await delay(SILENCE_MS);
      expectEqual(outputAfter, 0, 'chunks of output after the call had settled');
    },
  }),
  inOneLanguage({
    id: 'cancellation/usable-afterwards',
    title: 'still serves calls after one that was withdrawn',
    requires: ['cancellation'],
    programs: { python: 'import time\ntime.sleep(8)\n', javascript: 'setTimeout(() => {}, 8000);\n' },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const call = sandbox.execute({ code, language }, { signal: AbortSignal.timeout(300) });
      const [withdrawn] = await expectSettled(Promise.allSettled([call]), 300 + context.graceMs, 'the call after its abort');
      // 300 ms may or may not be enough to start a program here; both ends are allowed, a result of another kind is not.
      if (withdrawn.status === 'fulfilled') expectStatus(withdrawn.value, 'cancelled');
      else await expectRefusal(call, 'CANCELLED');
      const next = await context.execute({ code: language === 'python' ? 'print(1)' : 'console.log(1)', language });
      expectEqual([next.status, next.stdout], ['completed', '1\n'], 'status and stdout of the next call');
    },
  }),
  withdrawalCases,
].flat();

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
