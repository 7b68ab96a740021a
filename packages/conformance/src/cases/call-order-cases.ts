import { Buffer } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConformanceCase } from '../conformance-case.ts';
import { inOneLanguage } from '../define-case.ts';
import { expectEqual, expectRefusal, expectSettled, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { awaitedLater } from './awaited-later.ts';
import { readPieces } from './read-pieces.ts';

const requires = ['executionsPerSandbox.many'] as const;
/** A call that has not settled by then waits for one before it, which goes on for 8 seconds. */
const PATIENCE_MS = 4000;

/** Notes in the file `log` when it begins and when it ends, and gives what was noted until then. */
const NOTING = {
  python:
    'import time\ndef note(text):\n    with open("log", "a") as log:\n        log.write(text)\n' +
    'def main(name, seconds=0.1):\n    note(f"<{name}")\n    time.sleep(seconds)\n    note(f"{name}>")\n    return open("log").read()\n',
  javascript:
    "const fs = require('node:fs');\nasync function main({ name, seconds = 0.1 }) {\n  fs.appendFileSync('log', '<' + name);\n" +
    "  await new Promise((done) => setTimeout(done, seconds * 1000));\n  fs.appendFileSync('log', name + '>');\n  return fs.readFileSync('log', 'utf8');\n}\n",
};

const SLEEPING = {
  python: 'import time\nprint("begun", flush=True)\ntime.sleep(8)\n',
  javascript: "console.log('begun');\nsetTimeout(() => {}, 8000);\n",
};

/** Calls of one sandbox that are made at one time. */
export const callOrderCases: readonly ConformanceCase[] = [
  inOneLanguage({
    id: 'sandboxes/in-order',
    title: 'carries calls that are made at once out one after the other, in the order in which they were made',
    requires,
    programs: NOTING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const names = ['a', 'b', 'c', 'd', 'e'];
      const calls = names.map((name) => sandbox.execute({ code, language, arguments: { name } }, { signal: context.signal }));
      const results = await Promise.all(calls);
      for (const [index, result] of results.entries()) {
        expectValue(
          result,
          names
            .slice(0, index + 1)
            .map((name) => `<${name}${name}>`)
            .join(''),
        );
      }
    },
  }),
  inOneLanguage({
    id: 'sandboxes/files-in-order',
    title: 'lets files be written and read in their turn among the calls',
    requires: ['executionsPerSandbox.many', 'files'],
    programs: NOTING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const { signal } = context;
      const [, , between, , last] = await Promise.all([
        sandbox.writeFile('log', 'written '),
        sandbox.execute({ code, language, arguments: { name: 'a' } }, { signal }),
        sandbox.readFile('log'),
        sandbox.writeFile('log', 'anew '),
        sandbox.execute({ code, language, arguments: { name: 'b' } }, { signal }),
      ]);
      expectEqual(Buffer.from(between).toString(), 'written <aa>', 'the file between the calls');
      expectValue(last, 'anew <bb>');
    },
  }),
  inOneLanguage({
    id: 'sandboxes/many-calls',
    title: 'carries out 25 calls in a row',
    requires,
    deadlineMs: 60_000,
    programs: {
      python: 'import os\ndef main(n):\n    return [n, len(os.listdir("."))]\n',
      javascript: "const main = ({ n }) => [n, require('node:fs').readdirSync('.').length];\n",
    },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      let entries: unknown;
      for (let n = 0; n < 25; n += 1) {
        const result = await sandbox.execute({ code, language, arguments: { n } }, { signal: context.signal });
        expectStatus(result, 'completed');
        const [number, count] = Array.isArray(result.value) ? result.value : [];
        entries ??= count;
        expectEqual([number, count], [n, entries], 'number of the call, and entries of the work folder');
      }
    },
  }),
  inOneLanguage({
    id: 'sandboxes/withdrawn-while-waiting',
    title: 'settles a call at once that is withdrawn before its turn, runs nothing of it and leaves the one before it alone',
    requires: ['executionsPerSandbox.many', 'cancellation'],
    programs: NOTING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const { signal } = context;
      const controller = new AbortController();
      const seconds = 0.5 + (1.5 * context.graceMs) / 1000;
      const first = awaitedLater(sandbox.execute({ code, language, arguments: { name: 'a', seconds } }, { signal }));
      const waiting = sandbox.execute({ code, language, arguments: { name: 'b' } }, { signal: controller.signal });
      const refusal = awaitedLater(expectRefusal(waiting, 'CANCELLED'));
      await delay(300);
      controller.abort();
      await expectSettled(refusal, context.graceMs, 'the call that was withdrawn');
      expectValue(await first, '<aa>');
      expectValue(await sandbox.execute({ code, language, arguments: { name: 'c' } }, { signal }), '<aa><cc>');
    },
  }),
  inOneLanguage({
    id: 'sandboxes/destroyed-while-waiting',
    title: 'refuses the calls that wait when their sandbox is destroyed',
    requires,
    programs: SLEEPING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const calls = [1, 2, 3].map(() => sandbox.execute({ code, language }, { signal: context.signal }));
      const settled = Promise.allSettled(calls);
      await delay(300);
      await expectSettled(sandbox.destroy(), PATIENCE_MS, 'the end of the sandbox');
      const [, ...waiting] = await expectSettled(settled, PATIENCE_MS, 'the calls after the end of their sandbox');
      for (const [index, one] of waiting.entries()) {
        expectTrue(one.status === 'rejected', 'a call that waited is refused', one);
        await expectRefusal(calls[index + 1] ?? Promise.resolve(), 'SANDBOX_CLOSED');
      }
    },
  }),
  inOneLanguage({
    id: 'sandboxes/closed',
    title: 'refuses every call of a destroyed sandbox',
    requires: ['executionsPerSandbox.many', 'files'],
    programs: SLEEPING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      expectStatus(await sandbox.execute({ code: '', language }, { signal: context.signal }), 'completed');
      await sandbox.destroy();
      const { contexts, lifetimes } = context.capabilities;
      await expectRefusal(sandbox.execute({ code, language }), 'SANDBOX_CLOSED');
      await expectRefusal(sandbox.writeFile('a', 'a'), 'SANDBOX_CLOSED');
      await expectRefusal(sandbox.readFile('a'), 'SANDBOX_CLOSED');
      await expectRefusal(readPieces(sandbox.readFileStream('a')), 'SANDBOX_CLOSED');
      if (contexts) await expectRefusal(sandbox.createContext(), 'SANDBOX_CLOSED');
      if (lifetimes) await expectRefusal(sandbox.extend(60_000), 'SANDBOX_CLOSED');
      await sandbox.destroy();
    },
  }),
].flat();
