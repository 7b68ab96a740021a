import { Buffer } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutputChunk } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectEvidence, expectSettled, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { awaitedLater } from './awaited-later.ts';
import { expectThrown } from './expect-thrown.ts';
import { never } from './watched-stream.ts';

const MEBIBYTE = 1024 * 1024;
const requires = ['streamsOutput'] as const;
/** A call that has not settled by then waits for a listener that never answers. */
const PATIENCE_MS = 6000;
/** More than all buffers between a program and its listener together may hold. */
const BUFFERED_BYTES = 6 * MEBIBYTE;

const LINES = {
  python: 'for n in range(100000):\n    print("line", n)\n',
  javascript:
    "const { once } = require('node:events');\n(async () => {\n  for (let n = 0; n < 100000; n += 1) {\n" +
    "    if (!process.stdout.write('line ' + n + '\\n')) await once(process.stdout, 'drain');\n  }\n})();\n",
};

/** Writes `mebibytes` in pieces of 64 KiB, each when the one before has been taken, and says so. */
const WRITER = {
  python:
    'import sys\ndef main(mebibytes):\n    for _ in range(mebibytes * 16):\n        sys.stdout.write("0123456789abcdef" * 4096)\n        sys.stdout.flush()\n' +
    '    return "written"\n',
  javascript:
    "const { once } = require('node:events');\nasync function main({ mebibytes }) {\n  const part = '0123456789abcdef'.repeat(4096);\n" +
    "  for (let n = 0; n < mebibytes * 16; n += 1) if (!process.stdout.write(part)) await once(process.stdout, 'drain');\n" +
    "  return 'written';\n}\n",
};

const SAYS_AND_WAITS = {
  python: 'import time\nprint("first", flush=True)\ntime.sleep(10)\n',
  javascript: "console.log('first');\nsetTimeout(() => {}, 10000);\n",
};

const wholeCases = [
  inEachLanguage({
    id: 'output/many-small-lines',
    title: 'brings 100,000 small lines whole and in order, to the callback and in the result',
    programs: LINES,
    async run(context, { code, language }) {
      const pieces: string[] = [];
      const onOutput = ({ text }: OutputChunk) => void pieces.push(text);
      const result = await context.execute({ code, language, onOutput, limits: { outputBytes: 4 * MEBIBYTE } });
      expectStatus(result, 'completed');
      const expected = Array.from({ length: 100_000 }, (_, n) => `line ${n}\n`).join('');
      expectEqual(result.stdout.length, expected.length, 'length of stdout');
      expectTrue(result.stdout === expected, 'stdout is what was written');
      expectTrue(pieces.join('') === expected, 'the callback saw what was written');
    },
  }),
  inEachLanguage({
    id: 'output/hundred-megabytes',
    title: 'ends a program that writes 100 MB under a cap of 1 MiB, and shows the callback what is in the result',
    programs: WRITER,
    deadlineMs: 60_000,
    async run(context, { code, language }) {
      let seen = '';
      const onOutput = ({ text }: OutputChunk) => void (seen += text);
      const limits = { outputBytes: MEBIBYTE, timeoutMs: 30_000 };
      const result = await context.execute({ code, language, arguments: { mebibytes: 100 }, onOutput, limits });
      expectStatus(result, 'output-limit-exceeded');
      expectEqual(Buffer.byteLength(result.stdout), MEBIBYTE, 'bytes of stdout');
      expectTrue(seen === result.stdout, 'the callback saw stdout as it is in the result', seen.length, result.stdout.length);
      expectEvidence(result, 'output-limit');
    },
  }),
];

const slowListenerCases = [
  inEachLanguage({
    id: 'output/slow-listener',
    title: 'waits for a listener that answers later, one piece at a time, and loses nothing',
    requires,
    programs: {
      python: 'import sys\nfor n in range(300):\n    print("out", n, "x" * 1000)\n    print("err", n, file=sys.stderr)\n',
      javascript: "for (let n = 0; n < 300; n += 1) {\n  console.log('out', n, 'x'.repeat(1000));\n  console.error('err', n);\n}\n",
    },
    async run(context, { code, language }) {
      const seen = { stdout: '', stderr: '' };
      let atOneTime = 0;
      let most = 0;
      const onOutput = async ({ stream, text }: OutputChunk) => {
        atOneTime += 1;
        most = Math.max(most, atOneTime);
        await delay(15);
        seen[stream] += text;
        atOneTime -= 1;
      };
      const result = await context.execute({ code, language, onOutput });
      expectStatus(result, 'completed');
      expectEqual([most, atOneTime], [1, 0], 'calls of the listener at one time, and after the call');
      const expected = Array.from({ length: 300 }, (_, n) => `out ${n} ${'x'.repeat(1000)}\n`).join('');
      expectTrue(result.stdout === expected, 'stdout is whole');
      expectEqual([seen.stdout === result.stdout, seen.stderr === result.stderr], [true, true], 'the listener saw both streams whole');
    },
  }),
  inEachLanguage({
    id: 'output/back-pressure',
    title: 'slows a program whose listener does not answer down to its time limit, and keeps little of its output',
    requires,
    programs: WRITER,
    async run(context, { code, language }) {
      const limits = { outputBytes: 16 * MEBIBYTE, timeoutMs: 2500 };
      const onOutput = () => never<void>();
      const call = context.execute({ code, language, arguments: { mebibytes: 12 }, onOutput, limits });
      const result = await expectSettled(call, PATIENCE_MS, 'the call whose listener never answers');
      expectStatus(result, 'timed-out');
      expectTrue(result.stdout.length <= BUFFERED_BYTES, 'bytes of stdout', result.stdout.length, `at most ${BUFFERED_BYTES}`);
    },
  }),
  inEachLanguage({
    id: 'output/released-listener',
    title: 'goes on when a listener answers after a while, and brings everything',
    requires,
    programs: WRITER,
    async run(context, { code, language }) {
      let chunks = 0;
      const onOutput = async () => {
        chunks += 1;
        if (chunks === 1) await delay(700);
      };
      const limits = { outputBytes: 16 * MEBIBYTE, timeoutMs: 20_000 };
      const result = await context.execute({ code, language, arguments: { mebibytes: 12 }, onOutput, limits });
      expectValue(result, 'written');
      expectTrue(result.stdout === '0123456789abcdef'.repeat(12 * 65_536), 'stdout is what was written', result.stdout.length);
    },
  }),
];

const failingListenerCases = [
  inOneLanguage({
    id: 'output/listener-rejects',
    title: 'ends the call and throws what the promise of the listener was rejected with',
    requires,
    programs: SAYS_AND_WAITS,
    async run(context, { code, language }) {
      const thrown = new Error('the listener gives up later');
      const onOutput = async () => {
        await delay(50);
        throw thrown;
      };
      const call = Promise.allSettled([context.execute({ code, language, onOutput })]);
      await expectThrown(expectSettled(call, PATIENCE_MS, 'the call whose listener was rejected'), thrown);
    },
  }),
  inOneLanguage({
    id: 'output/stuck-listener-cancel',
    title: 'settles a withdrawn call although its listener never answers',
    requires: ['streamsOutput', 'cancellation'],
    programs: SAYS_AND_WAITS,
    async run(context, { code, language }) {
      const controller = new AbortController();
      const onOutput = () => {
        controller.abort();
        return never<void>();
      };
      const sandbox = await context.createSandbox({ language });
      const call = sandbox.execute({ code, language, onOutput }, { signal: controller.signal });
      const result = await expectSettled(call, PATIENCE_MS, 'the call after its abort');
      expectStatus(result, 'cancelled');
      expectEqual(result.stdout, 'first\n', 'stdout');
    },
  }),
  inOneLanguage({
    id: 'output/stuck-listener-destroy',
    title: 'settles a call whose sandbox is destroyed although its listener never answers',
    requires,
    programs: SAYS_AND_WAITS,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const call = awaitedLater(sandbox.execute({ code, language, onOutput: () => never<void>() }, { signal: context.signal }));
      await delay(500);
      await expectSettled(sandbox.destroy(), PATIENCE_MS, 'the end of the sandbox');
      await expectSettled(Promise.allSettled([call]), PATIENCE_MS, 'the call after the end of its sandbox');
    },
  }),
];

/** Output that arrives while the program runs, with a listener that takes its time. */
export const outputStreamCases: readonly ConformanceCase[] = [...wholeCases, ...slowListenerCases, ...failingListenerCases].flat();
