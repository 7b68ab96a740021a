import { Buffer } from 'node:buffer';
import type { ConformanceCase } from '../conformance-case.ts';
import { expectEqual, expectRefusal, expectSettled, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { awaitedLater } from './awaited-later.ts';
import { contextCase, contextCaseInOneLanguage } from './context-case.ts';

/** Contexts of one sandbox at one time, as the contract has it. */
const MOST_CONTEXTS = 8;

const besideCases = [
  contextCase({
    name: 'apart',
    title: 'keeps the variables of two contexts apart, and their files together',
    cells: {
      python: ['x = 1\nopen("shared", "w").write("one")', 'x = 2', '[x, open("shared").read()]', '"x" in globals()'],
      javascript: [
        "let x = 1;\nrequire('node:fs').writeFileSync('shared', 'one');",
        'let x = 2;',
        "[x, require('node:fs').readFileSync('shared', 'utf8')]",
        'typeof x !== "undefined"',
      ],
    },
    async check({ run, kernel, sandbox, context }) {
      const other = await sandbox.createContext({ signal: context.signal });
      expectTrue(other.id !== kernel.id, 'ids of two contexts', [kernel.id, other.id], 'different ids');
      expectStatus(await run(0), 'completed');
      expectValue(await run(3, {}, other), false);
      expectStatus(await run(1, {}, other), 'completed');
      expectValue(await run(2), [1, 'one']);
      expectValue(await run(2, {}, other), [2, 'one']);
    },
  }),
  contextCase({
    name: 'beside-programs',
    title: 'outlives programs that run in its sandbox, and is not seen by them',
    requires: ['executionsPerSandbox.many'],
    cells: {
      python: ['import builtins\nx = builtins.x = 1', 'def main():\n    return "x" in dir(__builtins__) or "x" in globals()', 'x'],
      javascript: ['let x = 1;\nglobalThis.y = 1;', "const main = () => typeof x !== 'undefined' || typeof y !== 'undefined';", 'x'],
    },
    async check({ run, sandbox, cells, language, context }) {
      expectStatus(await run(0), 'completed');
      for (let n = 0; n < 2; n += 1) {
        expectValue(await sandbox.execute({ code: cells[1] ?? '', language }, { signal: context.signal }), false);
        expectValue(await run(2), 1);
      }
    },
  }),
  contextCaseInOneLanguage({
    name: 'files',
    title: 'shares the work folder with the caller and with programs',
    requires: ['files'],
    cells: {
      python: ['open("a.txt").read()', 'open("b.txt", "w").write("of the cell")', 'open("c.txt").read()'],
      javascript: [
        "require('node:fs').readFileSync('a.txt', 'utf8')",
        "require('node:fs').writeFileSync('b.txt', 'of the cell')",
        "require('node:fs').readFileSync('c.txt', 'utf8')",
      ],
    },
    async check({ run, sandbox }) {
      await sandbox.writeFile('a.txt', 'of the caller');
      expectValue(await run(0), 'of the caller');
      expectStatus(await run(1), 'completed');
      expectEqual(Buffer.from(await sandbox.readFile('b.txt')).toString(), 'of the cell', 'the file of the cell');
      expectValue(await run(2, { files: { 'c.txt': 'of the call' } }), 'of the call');
    },
  }),
  contextCase({
    name: 'artifacts',
    title: 'brings back of each cell the artifacts that it made or changed',
    requires: ['artifacts'],
    cells: {
      python: [
        'open("artifacts/a.txt", "w").write("a")',
        'open("artifacts/b.txt", "w").write("b")',
        'open("artifacts/a.txt", "w").write("longer")',
        '1',
      ],
      javascript: [
        "require('node:fs').writeFileSync('artifacts/a.txt', 'a');",
        "require('node:fs').writeFileSync('artifacts/b.txt', 'b');",
        "require('node:fs').writeFileSync('artifacts/a.txt', 'longer');",
        '1',
      ],
    },
    async check({ run, cells }) {
      const found: unknown[] = [];
      for (const cell of cells.keys()) {
        const { artifacts } = await run(cell);
        found.push(artifacts.files.map(({ path, content }) => `${path}: ${Buffer.from(content).toString()}`));
      }
      expectEqual(found, [['a.txt: a'], ['b.txt: b'], ['a.txt: longer'], []], 'artifacts of the cells');
    },
  }),
  contextCaseInOneLanguage({
    name: 'in-order',
    title: 'carries cells that are made at once out one after the other, in the order in which they were made',
    cells: {
      python: ['import time\nlog = []', 'time.sleep(0.05)\nlog.append(n)\nlist(log)'],
      javascript: ['const log = [];', 'await new Promise((done) => setTimeout(done, 50));\nlog.push(n);\n[...log]'],
    },
    async check({ run }) {
      const [, ...results] = await Promise.all([run(0), ...[1, 2, 3, 4].map((n) => run(1, { arguments: { n } }))]);
      expectValue(results[3] ?? (await run(1)), [1, 2, 3, 4]);
    },
  }),
];

const handleCases = [
  contextCaseInOneLanguage({
    name: 'most',
    title: 'refuses a ninth context of one sandbox, and makes another when one has ended',
    deadlineMs: 60_000,
    cells: { python: ['n', 'n + 100'], javascript: ['n', 'n + 100'] },
    async check({ sandbox, kernel, run, context: { signal } }) {
      const kernels = [kernel];
      while (kernels.length < MOST_CONTEXTS) kernels.push(await sandbox.createContext({ signal }));
      await expectRefusal(sandbox.createContext({ signal }), 'CAPACITY_EXHAUSTED');
      for (const [n, one] of kernels.entries()) expectValue(await run(0, { arguments: { n } }, one), n);
      for (const [n, one] of kernels.entries()) expectValue(await run(1, {}, one), n + 100);
      await kernels[3]?.destroy();
      const again = await sandbox.createContext({ signal });
      expectValue(await run(0, { arguments: { n: 'again' } }, again), 'again');
      await expectRefusal(sandbox.createContext({ signal }), 'CAPACITY_EXHAUSTED');
    },
  }),
  contextCaseInOneLanguage({
    name: 'by-id',
    title: 'is found by its id, also when it was destroyed by another handle',
    cells: { python: ['x = 42', 'x'], javascript: ['let x = 42;', 'x'] },
    async check({ sandbox, kernel, run }) {
      expectStatus(await run(0), 'completed');
      const handle = sandbox.context(kernel.id);
      expectEqual(handle.id, kernel.id, 'id of the handle');
      expectValue(await run(1, {}, handle), 42);
      await handle.destroy();
      await expectRefusal(run(1), 'CONTEXT_CLOSED');
    },
  }),
  contextCaseInOneLanguage({
    name: 'unknown-id',
    title: 'says CONTEXT_CLOSED in the first call of a context that never was, and refuses what is no id',
    cells: { python: ['1'], javascript: ['1'] },
    async check({ sandbox, kernel, run, context }) {
      const other = await context.createSandbox({ language: context.language });
      await expectRefusal(run(0, {}, other.context(kernel.id)), 'CONTEXT_CLOSED');
      for (const id of ['', '..', 'a/b', 'a\nb', 'x'.repeat(1000)]) {
        await expectRefusal(
          Promise.resolve().then(() => sandbox.context(id)),
          'REQUEST_INVALID',
          'id',
        );
      }
      expectValue(await run(0), 1);
    },
  }),
  contextCaseInOneLanguage({
    name: 'withdrawn',
    area: 'cancellation',
    title: 'makes no context and runs no cell for a call that was withdrawn before it began or before its turn',
    requires: ['cancellation'],
    cells: {
      python: ['ran = True', 'import time\ntime.sleep(1.5)', '"ran" in globals()'],
      javascript: ['globalThis.ran = true;', 'await new Promise((done) => setTimeout(done, 1500));', "'ran' in globalThis"],
    },
    async check({ sandbox, kernel, run, cells, context }) {
      const code = cells[0] ?? '';
      await expectRefusal(sandbox.createContext({ signal: AbortSignal.abort() }), 'CANCELLED');
      await expectRefusal(kernel.execute({ code }, { signal: AbortSignal.abort() }), 'CANCELLED');
      const slow = awaitedLater(run(1));
      const waiting = expectRefusal(kernel.execute({ code }, { signal: AbortSignal.timeout(200) }), 'CANCELLED');
      await expectSettled(waiting, 200 + context.graceMs, 'the cell that was withdrawn while it waited');
      expectStatus(await slow, 'completed');
      expectValue(await run(2), false);
    },
  }),
];

/** Contexts beside each other, beside programs, and as handles. */
export const contextPlaceCases: readonly ConformanceCase[] = [...besideCases, ...handleCases].flat();
