import type { ConformanceCase } from '../conformance-case.ts';
import { expectEqual, expectIncludes, expectRefusal, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { contextCase, contextCaseInOneLanguage, expectFailedWith, expectNoValue } from './context-case.ts';
import { contextEndCases } from './context-end-cases.ts';
import { contextPlaceCases } from './context-place-cases.ts';

const variableCases = [
  contextCase({
    name: 'variables',
    title: 'keeps variables from cell to cell',
    cells: {
      python: ['x = 20\nwords = ["a"]', 'words.append("b")\nx += 1', '[x * 2, words]'],
      javascript: ["let x = 20;\nconst words = ['a'];", "words.push('b');\nx += 1;", '[x * 2, words]'],
    },
    async check({ run }) {
      expectNoValue(await run(0));
      expectStatus(await run(1), 'completed');
      expectValue(await run(2), [42, ['a', 'b']]);
    },
  }),
  contextCase({
    name: 'definitions',
    title: 'keeps functions, classes and imports from cell to cell',
    cells: {
      python: [
        'import json\nfrom math import floor as down\ndef double(n):\n    return 2 * n\nclass Pair:\n    def __init__(self, n):\n        self.n = n\n',
        'class Triple(Pair):\n    pass\n[double(down(4.5)), json.dumps(Triple(3).n)]',
      ],
      javascript: [
        "const { basename: last } = require('node:path');\nfunction double(n) { return 2 * n; }\nclass Pair { constructor(n) { this.n = n; } }",
        "class Triple extends Pair {}\n[double(4), last('/a/' + new Triple(3).n)]",
      ],
    },
    async check({ run }) {
      expectStatus(await run(0), 'completed');
      expectValue(await run(1), [8, '3']);
    },
  }),
  contextCase({
    name: 'redeclaration',
    title: 'lets a cell declare anew what a cell before it declared, as running a cell twice does',
    cells: {
      python: [
        'x = 1\ndef name():\n    return "old"\nclass Kind:\n    old = True',
        'x = 2\ndef name():\n    return "new"\nclass Kind:\n    new = True',
        '[x, name(), hasattr(Kind, "old")]',
      ],
      javascript: [
        "const x = 1;\nlet y = 1;\nfunction name() { return 'old'; }\nclass Kind { static old = true; }",
        "const x = 2;\nlet y = 2;\nfunction name() { return 'new'; }\nclass Kind { static fresh = true; }",
        "[x, name(), 'old' in Kind]",
      ],
    },
    async check({ run }) {
      for (const cell of [0, 0, 1, 1]) expectStatus(await run(cell), 'completed');
      expectValue(await run(2), [2, 'new', false]);
    },
  }),
  contextCase({
    name: 'arguments',
    title: 'makes the arguments of a cell variables of the context',
    cells: { python: ['[given, kept is None]', 'given'], javascript: ['[given, kept === null]', 'given'] },
    async check({ run }) {
      expectValue(await run(0, { arguments: { given: { list: [1, 'two 🦊'] }, kept: null } }), [{ list: [1, 'two 🦊'] }, true]);
      expectValue(await run(1), { list: [1, 'two 🦊'] });
      expectValue(await run(1, { arguments: { given: 'anew' } }), 'anew');
    },
  }),
];

const valueCases = [
  contextCase({
    name: 'last-value',
    title: 'gives the value of the last expression of a cell, exactly',
    cells: {
      python: ['1 + 1', 'x = 5\nx', 'f"{x}"', '[None, True, {"a": []}]', 'None', '0'],
      javascript: ['1 + 1', 'const x = 5;\nx', '`${x}`', '[null, true, { a: [] }]', 'null', '0'],
    },
    async check({ run }) {
      for (const [cell, value] of [2, 5, '5', [null, true, { a: [] }]].entries()) expectValue(await run(cell), value);
      expectStatus(await run(4), 'completed');
      expectValue(await run(5), 0);
    },
  }),
  contextCase({
    name: 'no-value',
    title: 'has no value when a cell ends in something else than an expression, or holds nothing',
    cells: {
      python: ['x = 1', '', '# a comment', 'for n in range(3):\n    n', 'def f():\n    return 1\n'],
      javascript: ['const x = 1;', '', '// a comment', 'for (let n = 0; n < 3; n += 1) { }', 'function f() { return 1; }'],
    },
    async check({ run, cells }) {
      for (const cell of cells.keys()) expectNoValue(await run(cell));
    },
  }),
  contextCase({
    name: 'unserialisable-value',
    title: 'has no value, and no error, when JSON cannot carry that of the last expression',
    cells: { python: ['{1, 2}', 'object()', '"still here"'], javascript: ['new Map([[1, 2]])', '() => 1', "'still here'"] },
    async check({ run }) {
      expectNoValue(await run(0));
      expectNoValue(await run(1));
      expectValue(await run(2), 'still here');
    },
  }),
  contextCase({
    name: 'no-main',
    title: 'calls no main',
    cells: { python: ['def main():\n    print("called")\n', '1'], javascript: ["function main() { console.log('called'); }", '1'] },
    async check({ run }) {
      const defined = await run(0);
      expectNoValue(defined);
      expectEqual([defined.stdout, (await run(1)).stdout], ['', ''], 'stdout');
    },
  }),
  contextCase({
    name: 'top-level-await',
    title: 'takes await at the top level of a cell',
    cells: {
      python: [
        'import asyncio\nasync def later(word):\n    await asyncio.sleep(0.02)\n    return word\nword = await later("one")',
        'await later(word + "!")',
      ],
      javascript: [
        'const later = (word) => new Promise((done) => setTimeout(done, 20, word));\nconst word = await later("one");',
        'await later(word + "!")',
      ],
    },
    async check({ run }) {
      expectStatus(await run(0), 'completed');
      expectValue(await run(1), 'one!');
    },
  }),
];

const errorCases = [
  contextCase({
    name: 'error-keeps',
    title: 'keeps the variables of a cell that fails, and what it did before it failed',
    cells: {
      python: ['x = 1', 'x = 2\nprint("before")\nraise ValueError("no")\nx = 3', 'x'],
      javascript: ['let x = 1;', "x = 2;\nconsole.log('before');\nthrow new RangeError('no');\nx = 3;", 'x'],
    },
    async check({ run, language }) {
      expectStatus(await run(0), 'completed');
      const failed = await run(1);
      expectFailedWith(failed, language === 'python' ? 'ValueError' : 'RangeError');
      expectEqual([failed.error?.message, failed.stdout, failed.exitCode], ['no', 'before\n', null], 'message, stdout and exit code');
      expectIncludes(failed.stderr, 'no', 'stderr');
      expectValue(await run(2), 2);
    },
  }),
  contextCase({
    name: 'syntax-error-keeps',
    title: 'runs nothing of a cell with a syntax error, and keeps the context',
    cells: { python: ['x = 1', 'x = 2\nx = = 3', 'x'], javascript: ['let x = 1;', 'x = 2;\nx = = 3;', 'x'] },
    async check({ run }) {
      expectStatus(await run(0), 'completed');
      expectFailedWith(await run(1), 'SyntaxError');
      expectValue(await run(2), 1);
    },
  }),
  contextCaseInOneLanguage({
    name: 'bad-requests',
    title: 'refuses a call that says what is none of its business or breaks a rule, and runs nothing',
    cells: { python: ['ran = True', '"ran" in globals()'], javascript: ['globalThis.ran = true;', "'ran' in globalThis"] },
    async check({ kernel, cells, run }) {
      const broken = {
        language: 'python',
        stdin: 'text',
        tenant: 'me',
        network: 'none',
        maxWaitMs: 5,
        argumets: {},
        limits: { timeoutMs: 0 },
      };
      for (const [field, value] of Object.entries(broken)) {
        const request = { code: cells[0] ?? '', [field]: value };
        await expectRefusal(kernel.execute(request), 'REQUEST_INVALID', field === 'limits' ? 'limits.timeoutMs' : field);
      }
      expectValue(await run(1), false);
    },
  }),
];

const outputCases = [
  contextCase({
    name: 'output-own',
    title: 'shows what a cell printed in its own result and to its own callback, whole, and in no other',
    cells: {
      python: [
        'import sys\nprint("first", end="")\nprint("warning", file=sys.stderr)',
        'for n in range(20000):\n    print("second", n)',
        'pass',
      ],
      javascript: [
        "process.stdout.write('first');\nconsole.error('warning');",
        "for (let n = 0; n < 20000; n += 1) console.log('second', n);",
        ';',
      ],
    },
    async check({ run }) {
      let seen = '';
      const onOutput = ({ text }: { text: string }) => void (seen += text);
      const first = await run(0, { onOutput });
      expectEqual([first.stdout, first.stderr], ['first', 'warning\n'], 'output of the first cell');
      const second = await run(1);
      expectEqual(second.stdout, Array.from({ length: 20_000 }, (_, n) => `second ${n}\n`).join(''), 'stdout of the second cell');
      const third = await run(2);
      expectEqual([third.stdout, third.stderr], ['', ''], 'output of a cell that prints nothing');
      expectTrue(['firstwarning\n', 'warning\nfirst'].includes(seen), 'what the callback of the first cell saw', seen);
    },
  }),
  contextCase({
    name: 'no-input',
    title: 'has standard input at its end',
    cells: { python: ['import sys\nsys.stdin.read()'], javascript: ["require('node:fs').readFileSync(0, 'utf8')"] },
    async check({ run }) {
      expectValue(await run(0, { limits: { timeoutMs: 5000 } }), '');
    },
  }),
  contextCaseInOneLanguage({
    name: 'result',
    title: 'gives each cell a whole result: evidence, clock, identity, and no exit while the interpreter lives',
    cells: { python: ['1'], javascript: ['1'] },
    async check({ run, context, language }) {
      const result = await run(0);
      expectValue(result, 1);
      expectEqual([result.exitCode, result.signal], [null, null], 'exit code and signal');
      expectEqual([result.providerId, result.language], [context.provider.id, language], 'provider and language');
      expectEqual(result.evidence.filter(({ kind }) => kind === 'exit').length, 0, 'evidence of an exit');
      expectEqual(result.evidence.length > 0 && result.clock.totalMs > 0, true, 'evidence and clock are there');
    },
  }),
];

/** Interpreters that keep their variables between calls. */
export const contextCases: readonly ConformanceCase[] = [
  ...variableCases,
  ...valueCases,
  ...errorCases,
  ...outputCases,
  contextEndCases,
  contextPlaceCases,
].flat();
