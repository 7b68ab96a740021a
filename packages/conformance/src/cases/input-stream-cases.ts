import { setTimeout as delay } from 'node:timers/promises';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectRefusal, expectSettled, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { expectThrown } from './expect-thrown.ts';
import { expectLetGo, never, watchedStream } from './watched-stream.ts';

const requires = ['stdin'] as const;
const PIECE = new Uint8Array(65_536).fill(120);
/** More than all buffers between a caller and a program together may hold. */
const BUFFERED_BYTES = 16 * 1024 * 1024;
/** A call that has not settled by then waits for what will never come. */
const PATIENCE_MS = 6000;

const IDLE = {
  python: 'import time\ndef main():\n    time.sleep(0.5)\n    return "unread"\n',
  javascript: "const main = () => new Promise((done) => setTimeout(done, 500, 'unread'));\n",
};

const WAITING = {
  python: 'import sys\nprint("begun", flush=True)\nsys.stdin.read()\nprint("read")\n',
  javascript: "console.log('begun');\nprocess.stdin.resume().on('end', () => console.log('read'));\n",
};

const unreadCases = [
  inEachLanguage({
    id: 'input/unread',
    title: 'lets a program end that reads nothing of 8 MiB',
    requires,
    programs: IDLE,
    async run(context, { code, language }) {
      const stdin = new Uint8Array(8 * 1024 * 1024);
      expectValue(await expectSettled(context.execute({ code, language, stdin }), PATIENCE_MS, 'the call'), 'unread');
    },
  }),
  inOneLanguage({
    id: 'input/endless',
    title: 'takes of an endless stream no more than the program reads and buffers hold, and lets go of it',
    requires,
    programs: IDLE,
    async run(context, { code, language }) {
      const stdin = watchedStream(() => PIECE);
      expectValue(await expectSettled(context.execute({ code, language, stdin }), PATIENCE_MS, 'the call'), 'unread');
      expectTrue(stdin.taken * PIECE.length <= BUFFERED_BYTES, 'bytes taken', stdin.taken * PIECE.length, `at most ${BUFFERED_BYTES}`);
      await expectLetGo(stdin, 'the stream');
    },
  }),
  inOneLanguage({
    id: 'input/silent',
    title: 'lets go of a stream that never gave anything when the program is over',
    requires,
    programs: IDLE,
    async run(context, { code, language }) {
      const stdin = watchedStream(() => never<string>());
      expectValue(await expectSettled(context.execute({ code, language, stdin }), PATIENCE_MS, 'the call'), 'unread');
      await expectLetGo(stdin, 'the stream');
    },
  }),
  inEachLanguage({
    id: 'input/closed-by-program',
    title: 'lets a program close its standard input and go on',
    requires,
    programs: {
      python: 'import os, sys, time\ndef main():\n    os.read(0, 4)\n    os.close(0)\n    time.sleep(0.3)\n    return "closed"\n',
      javascript:
        "const fs = require('node:fs');\nconst main = () => new Promise((done) => process.stdin.once('data', () => {\n" +
        "  process.stdin.destroy();\n  setTimeout(done, 300, 'closed');\n}));\n",
      ecmascript:
        "async function main() {\n  sandbox.input.read(4);\n  sandbox.input.close();\n  return new Promise((done) => setTimeout(done, 300, 'closed'));\n}\n",
    },
    async run(context, { code, language }) {
      const stdin = watchedStream(() => PIECE);
      expectValue(await expectSettled(context.execute({ code, language, stdin }), PATIENCE_MS, 'the call'), 'closed');
      await expectLetGo(stdin, 'the stream');
    },
  }),
];

const endedCases = [
  inOneLanguage({
    id: 'input/stream-throws',
    title: 'ends the program and throws what the stream threw',
    requires: ['stdin', 'streamsOutput'],
    programs: {
      python: 'import time\nfor n in range(100):\n    print(n, flush=True)\n    time.sleep(0.1)\n',
      javascript:
        'let n = 0;\nconst timer = setInterval(() => {\n  console.log(n);\n  n += 1;\n  if (n === 100) clearInterval(timer);\n}, 100);\n',
    },
    async run(context, { code, language }) {
      const thrown = new Error('the source has run dry');
      let chunks = 0;
      const stdin = (async function* failing() {
        yield 'one piece';
        await delay(300);
        throw thrown;
      })();
      const call = context.execute({ code, language, stdin, onOutput: () => void (chunks += 1) });
      await expectThrown(expectSettled(Promise.allSettled([call]), PATIENCE_MS, 'the call whose input failed'), thrown);
      const before = chunks;
      await delay(400);
      expectEqual(chunks, before, 'chunks of output after the call had settled');
    },
  }),
  inOneLanguage({
    id: 'input/wrong-piece',
    title: 'ends the program and names the field when a piece of the stream is neither text nor bytes',
    requires,
    programs: WAITING,
    async run(context, { code, language }) {
      const stdin = (async function* wrong() {
        yield 'text';
        yield 42 as unknown as string;
      })();
      const call = context.execute({ code, language, stdin, limits: { timeoutMs: 8000 } });
      await expectRefusal(expectSettled(call, PATIENCE_MS, 'the call'), 'REQUEST_INVALID', 'stdin');
    },
  }),
  inOneLanguage({
    id: 'input/timeout',
    title: 'ends a program at its time limit that waits for input which never comes, and lets go of the stream',
    requires,
    programs: WAITING,
    async run(context, { code, language }) {
      const stdin = watchedStream(() => never<string>());
      const call = context.execute({ code, language, stdin, limits: { timeoutMs: 700 } });
      const result = await expectSettled(call, PATIENCE_MS, 'the call');
      expectStatus(result, 'timed-out');
      expectEqual(result.stdout, 'begun\n', 'stdout');
      await expectLetGo(stdin, 'the stream');
    },
  }),
  inOneLanguage({
    id: 'input/cancel',
    title: 'settles a withdrawn call that waits for input, and lets go of the stream',
    requires: ['stdin', 'cancellation', 'streamsOutput'],
    programs: WAITING,
    async run(context, { code, language }) {
      const controller = new AbortController();
      const stdin = watchedStream(() => never<string>());
      const sandbox = await context.createSandbox({ language });
      let hasBegun: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => {
        hasBegun = resolve;
      });
      const call = sandbox.execute({ code, language, stdin, onOutput: hasBegun }, { signal: controller.signal });
      await expectSettled(Promise.race([begun, call]), PATIENCE_MS, 'the beginning of the program');
      controller.abort();
      expectStatus(await expectSettled(call, context.graceMs, 'the call after its abort'), 'cancelled');
      await expectLetGo(stdin, 'the stream');
    },
  }),
];

/** Streams that are not read to their end. */
export const inputStreamCases: readonly ConformanceCase[] = [...unreadCases, ...endedCases].flat();
