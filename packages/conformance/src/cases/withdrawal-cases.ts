import { Buffer } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxErrorCode } from '@sandport/core';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.ts';
import { inOneLanguage, withoutProgram } from '../define-case.ts';
import { expectEqual, expectRefusal, expectSettled, expectStatus, expectTrue } from '../expectations.ts';
import { awaitedLater } from './awaited-later.ts';
import { expectLetGo, never, watchedStream } from './watched-stream.ts';

const MEBIBYTE = 1024 * 1024;
/** Milliseconds after which calls are withdrawn, one after the other, so that some are met in each phase. */
const MOMENTS_MS = [0, 1, 3, 8, 15, 30, 60, 120, 250];

/** A call that was withdrawn at a moment settles in time, as a result or as a refusal with one of these codes. */
async function expectWithdrawn(
  context: ConformanceContext,
  afterMs: number,
  call: (signal: AbortSignal) => Promise<unknown>,
  codes: readonly SandboxErrorCode[] = ['CANCELLED'],
): Promise<void> {
  const controller = new AbortController();
  const made = call(controller.signal);
  const settled = Promise.allSettled([made]);
  await Promise.race([delay(afterMs), settled]);
  controller.abort();
  const [outcome] = await expectSettled(settled, context.graceMs, `a call that was withdrawn after ${afterMs} ms`);
  if (outcome.status === 'rejected') await expectRefusal(made, codes);
}

/** The provider still serves. */
async function expectServes(context: ConformanceContext): Promise<void> {
  const { language } = context;
  const next = await context.execute({ code: language === 'python' ? 'print(1)' : 'console.log(1)', language });
  expectEqual([next.status, next.stdout], ['completed', '1\n'], 'status and stdout of the next call');
}

const phaseCases = [
  withoutProgram({
    id: 'cancellation/while-creating',
    title: 'settles the making of a sandbox in time, whenever it is withdrawn, and still serves',
    async run(context) {
      const { language } = context;
      for (const afterMs of MOMENTS_MS) {
        await expectWithdrawn(context, afterMs, async (signal) => {
          const sandbox = await context.createSandbox({ language }, { signal });
          await sandbox.destroy();
        });
      }
      await expectServes(context);
    },
  }),
  withoutProgram({
    id: 'cancellation/while-many-wait',
    title: 'settles many calls in time that are withdrawn while they are made or wait, and still serves',
    async run(context) {
      const { language } = context;
      const make = async (signal: AbortSignal): Promise<void> => {
        const sandbox = await context.createSandbox({ language }, { signal });
        await sandbox.destroy();
      };
      // On a slow machine a provider may foresee that the last ones would wait too long, and say so at once.
      const withdrawn = Array.from({ length: 12 }, (_, n) => expectWithdrawn(context, n * 10, make, ['CANCELLED', 'CAPACITY_EXHAUSTED']));
      await Promise.all(withdrawn);
      await expectServes(context);
    },
  }),
  inOneLanguage({
    id: 'cancellation/while-starting',
    title: 'settles a call in time, at whatever moment of its start it is withdrawn, and still serves',
    requires: ['cancellation', 'files'],
    programs: {
      python: 'import time\nprint("begun", flush=True)\ntime.sleep(8)\n',
      javascript: "console.log('begun');\nsetTimeout(() => {}, 8000);\n",
    },
    deadlineMs: 60_000,
    async run(context, { code, language }) {
      const files = { 'large.bin': Buffer.alloc(4 * MEBIBYTE) };
      const withdrawn = MOMENTS_MS.map(async (afterMs) => {
        const sandbox = await context.createSandbox({ language });
        await expectWithdrawn(context, afterMs, async (signal) => {
          const result = await sandbox.execute({ code, language, files }, { signal });
          expectStatus(result, 'cancelled');
        });
        await sandbox.destroy();
      });
      await Promise.all(withdrawn);
      await expectServes(context);
    },
  }),
  inOneLanguage({
    id: 'cancellation/while-collecting',
    title: 'settles a call in time that is withdrawn while its artifacts are brought back',
    requires: ['cancellation', 'artifacts', 'streamsOutput'],
    deadlineMs: 60_000,
    programs: {
      python: 'for n in range(96):\n    open(f"artifacts/{n}", "wb").write(bytes(300000))\nprint("done")\n',
      javascript:
        "const fs = require('node:fs');\nfor (let n = 0; n < 96; n += 1) fs.writeFileSync('artifacts/' + n, Buffer.alloc(300000));\nconsole.log('done');\n",
    },
    async run(context, { code, language }) {
      for (const afterMs of [0, 5, 20, 60]) {
        const controller = new AbortController();
        let isDone: () => void = () => undefined;
        const done = new Promise<void>((resolve) => {
          isDone = resolve;
        });
        const sandbox = await context.createSandbox({ language });
        const call = sandbox.execute({ code, language, onOutput: () => isDone() }, { signal: controller.signal });
        await Promise.race([done.then(() => delay(afterMs)), call]);
        controller.abort();
        const result = await expectSettled(call, context.graceMs, `the call that was withdrawn ${afterMs} ms after its last line`);
        const isTruthful = result.status === 'cancelled' || result.status === 'completed';
        expectTrue(isTruthful, 'status', result.status, 'cancelled, or completed when it was faster');
        if (result.status === 'completed') expectEqual(result.artifacts.files.length, 96, 'artifacts of the completed call');
        await sandbox.destroy();
      }
      await expectServes(context);
    },
  }),
];

const fileCases = [
  withoutProgram({
    id: 'cancellation/while-writing',
    title: 'settles the writing of a file in time, lets go of its stream and serves the next call',
    requires: ['cancellation', 'files'],
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language });
      const controller = new AbortController();
      const stream = watchedStream((taken) => (taken < 4 ? Buffer.alloc(65_536) : never<Uint8Array>()));
      const write = awaitedLater(expectRefusal(sandbox.writeFile('stuck', stream, { signal: controller.signal }), 'CANCELLED'));
      await delay(200);
      controller.abort();
      await expectSettled(write, context.graceMs, 'the writing after its abort');
      await expectLetGo(stream, 'the stream');
      await expectSettled(sandbox.writeFile('next', 'next'), 5000, 'the next call');
      expectEqual(Buffer.from(await sandbox.readFile('next')).toString(), 'next', 'the next file');
    },
  }),
  withoutProgram({
    id: 'cancellation/while-reading',
    title: 'breaks the reading of a file off when it is withdrawn, and serves the next call',
    requires: ['cancellation', 'files'],
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language });
      await sandbox.writeFile('large.bin', Buffer.alloc(24 * MEBIBYTE));
      const controller = new AbortController();
      let pieces = 0;
      const read = async () => {
        for await (const _piece of sandbox.readFileStream('large.bin', { signal: controller.signal })) {
          pieces += 1;
          controller.abort();
        }
      };
      await expectSettled(expectRefusal(read(), 'CANCELLED'), context.graceMs + 1000, 'the reading after its abort');
      expectTrue(pieces > 0, 'pieces before the abort');
      await expectSettled(sandbox.writeFile('next', 'next'), 5000, 'the next call');
    },
  }),
  withoutProgram({
    id: 'cancellation/files-before-start',
    title: 'exchanges no file for a call that was withdrawn before it began',
    requires: ['files'],
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language });
      const signal = AbortSignal.abort();
      const stream = watchedStream(() => Buffer.alloc(10));
      const write = expectRefusal(sandbox.writeFile('a', stream, { signal }), 'CANCELLED');
      await expectSettled(write, context.graceMs, 'the writing that was withdrawn');
      expectEqual(stream.taken, 0, 'pieces taken of the stream');
      await sandbox.writeFile('b', 'b');
      await expectRefusal(sandbox.readFile('b', { signal }), 'CANCELLED');
      await expectRefusal(sandbox.readFile('a'), 'FILE_NOT_FOUND');
    },
  }),
];

/** Calls that are withdrawn before, between and after the running of a program. */
export const withdrawalCases: readonly ConformanceCase[] = [...phaseCases, ...fileCases].flat();
