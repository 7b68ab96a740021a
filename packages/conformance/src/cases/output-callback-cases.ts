import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutputChunk } from '@sandport/core';
import { ConformanceFailure } from '../conformance-failure.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { inOneLanguage } from '../define-case.ts';
import { expectEqual, expectSettled, expectStatus, expectTrue } from '../expectations.ts';

/** How long a program that printed its first line goes on; far more than delivering that line can take. */
const PAUSE_SECONDS = 4;
const STILL_RUNNING_MS = 300;
/** A call that has not settled by then waits for its program, which goes on for 10 seconds. */
const PATIENCE_MS = 5000;

const textOf = (chunks: readonly OutputChunk[], stream: OutputChunk['stream']) =>
  chunks
    .filter((chunk) => chunk.stream === stream)
    .map((chunk) => chunk.text)
    .join('');

/** The output callback. */
export const outputCallbackCases: readonly ConformanceCase[] = [
  inOneLanguage({
    id: 'output/callback',
    title: 'shows the callback everything, in the order of each stream',
    programs: {
      python: 'import sys\nfor n in range(5000):\n    print("out", n)\n    print("err", n, file=sys.stderr)\n',
      javascript: "for (let n = 0; n < 5000; n += 1) {\n  console.log('out', n);\n  console.error('err', n);\n}\n",
    },
    async run(context, { code, language }) {
      const chunks: OutputChunk[] = [];
      const result = await context.execute({ code, language, onOutput: (chunk) => void chunks.push(chunk) });
      expectStatus(result, 'completed');
      const expected = Array.from({ length: 5000 }, (_, n) => `out ${n}\n`).join('');
      expectTrue(result.stdout === expected, 'stdout is whole');
      expectTrue(textOf(chunks, 'stdout') === result.stdout, 'the callback saw stdout as it is in the result');
      expectTrue(textOf(chunks, 'stderr') === result.stderr, 'the callback saw stderr as it is in the result');
    },
  }),
  inOneLanguage({
    id: 'output/callback-live',
    title: 'shows the callback output while the program runs',
    requires: ['streamsOutput'],
    programs: {
      python: `import time\nprint("first", flush=True)\ntime.sleep(${PAUSE_SECONDS})\nprint("last")\n`,
      javascript: `console.log('first');\nsetTimeout(() => console.log('last'), ${PAUSE_SECONDS * 1000});\n`,
    },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const output = new EventEmitter();
      const first = once(output, 'text').then(([text]) => String(text));
      const call = sandbox.execute({ code, language, onOutput: ({ text }) => void output.emit('text', text) }, { signal: context.signal });
      const settled = Promise.allSettled([call]).then(() => 'the call settled');
      const seen = await Promise.race([first, settled]);
      const next = await Promise.race([settled, delay(STILL_RUNNING_MS, 'the program still ran')]);
      expectEqual([seen, next], ['first\n', 'the program still ran'], 'what the callback saw first, and what came next');
    },
  }),
  inOneLanguage({
    id: 'output/callback-throws',
    title: 'ends the call and throws what the callback threw',
    programs: {
      python: 'import time\nprint("first", flush=True)\ntime.sleep(10)\n',
      javascript: "console.log('first');\nsetTimeout(() => {}, 10000);\n",
    },
    async run(context, { code, language }) {
      const thrown = new Error('the listener gives up');
      const onOutput = () => {
        throw thrown;
      };
      const call = Promise.allSettled([context.execute({ code, language, onOutput })]);
      const [outcome] = await expectSettled(call, PATIENCE_MS, 'the call whose callback threw');
      if (outcome.status === 'fulfilled') throw new ConformanceFailure('the call throws', outcome.value.status, thrown);
      expectTrue(outcome.reason === thrown, 'the error is the one that the callback threw', outcome.reason, thrown);
    },
  }),
].flat();
