import { Buffer } from 'node:buffer';
import type { ExecutionResult } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { contextCase } from './context-case.ts';

const requires = ['richResults', 'artifacts'] as const;

/** Something whose richest form is HTML, as the language's notebooks have it. */
const RICH = {
  python: 'class Rich:\n    def _repr_html_(self):\n        return "<b>rich 🦊</b>"\n',
  javascript:
    "class Rich {\n  [Symbol.for('Jupyter.display')]() {\n    return { 'text/html': '<b>rich 🦊</b>', 'text/plain': 'rich' };\n  }\n}\n",
};

/** Path, media type without parameters, and text of each artifact. */
const shownBy = ({ artifacts }: ExecutionResult) =>
  artifacts.files.map(({ path, mediaType, content }) => [path, mediaType.split(';')[0], Buffer.from(content).toString()]);

const programCases = [
  inEachLanguage({
    id: 'displays/program',
    title: 'brings back what a program displays: text, JSON and HTML, numbered in order, with the media type',
    requires,
    programs: {
      python: `${RICH.python}def main():\n    display("text 🦊")\n    display({"list": [1, True, None]})\n    display(Rich())\n    return "done"\n`,
      javascript: `${RICH.javascript}function main() {\n  display('text 🦊');\n  display({ list: [1, true, null] });\n  display(new Rich());\n  return 'done';\n}\n`,
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectValue(result, 'done');
      const [text, json, html] = shownBy(result);
      expectEqual(text, ['display/0001.txt', 'text/plain', 'text 🦊'], 'the text');
      expectEqual(json?.slice(0, 2), ['display/0002.json', 'application/json'], 'path and media type of the JSON');
      expectEqual(JSON.parse(json?.[2] ?? 'null'), { list: [1, true, null] }, 'the JSON');
      expectEqual(html, ['display/0003.html', 'text/html', '<b>rich 🦊</b>'], 'the HTML');
      expectEqual([result.stdout, result.artifacts.files.length], ['', 3], 'stdout and number of artifacts');
    },
  }),
  inEachLanguage({
    id: 'displays/order',
    title: 'numbers what is displayed so that the order of the paths is that of the program',
    requires,
    programs: {
      python: 'for n in range(12):\n    display(str(n))\ndisplay("a", "b")\n',
      javascript: "for (let n = 0; n < 12; n += 1) display(String(n));\ndisplay('a', 'b');\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      const expected = [...Array.from({ length: 12 }, (_, n) => String(n)), 'a', 'b'];
      expectEqual(
        shownBy(result).map(([path, , text]) => [path, text]),
        expected.map((text, n) => [`display/${String(n + 1).padStart(4, '0')}.txt`, text]),
        'paths and texts',
      );
    },
  }),
  inEachLanguage({
    id: 'displays/failed-program',
    title: 'brings back what a program displayed before it failed, beside its own artifacts',
    requires,
    programs: {
      python: 'open("artifacts/own.txt", "w").write("own")\ndisplay("shown")\nraise ValueError("no")\n',
      javascript: "require('node:fs').writeFileSync('artifacts/own.txt', 'own');\ndisplay('shown');\nthrow new Error('no');\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      const shown = shownBy(result).map(([path, , text]) => [path, text]);
      expectEqual(
        shown,
        [
          ['display/0001.txt', 'shown'],
          ['own.txt', 'own'],
        ],
        'artifacts',
      );
    },
  }),
  inEachLanguage({
    id: 'displays/unshowable',
    title: 'lets a program work on that displays what cannot be shown, or took the folder away',
    requires,
    programs: {
      python:
        'class Broken:\n    def _repr_html_(self):\n        raise ValueError("cannot")\n    def __repr__(self):\n        raise ValueError("cannot")\n' +
        'import os\ndef main():\n    display(Broken())\n    os.rmdir("artifacts") if not os.listdir("artifacts") else None\n    open("artifacts", "w").close() if not os.path.exists("artifacts") else None\n' +
        '    display("nowhere")\n    return "alive"\n',
      javascript:
        "const fs = require('node:fs');\nconst broken = { [Symbol.for('Jupyter.display')]() { throw new Error('cannot'); }, toJSON() { throw new Error('cannot'); } };\n" +
        "function main() {\n  display(broken);\n  fs.rmSync('artifacts', { recursive: true });\n  fs.writeFileSync('artifacts', '');\n  display('nowhere');\n  return 'alive';\n}\n",
    },
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language }), 'alive');
    },
  }),
  inEachLanguage({
    id: 'displays/none',
    title: 'brings back nothing when a program displays nothing, and leaves its own name display alone',
    requires,
    programs: {
      python: 'display = "mine"\ndef main():\n    return display\n',
      javascript: "const display = 'mine';\nconst main = () => display;\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectValue(result, 'mine');
      expectEqual(result.artifacts.files.length, 0, 'number of artifacts');
    },
  }),
];

const cellCases = [
  contextCase({
    area: 'displays',
    name: 'cells',
    title: 'brings back of each cell what it displayed, numbered on from the cells before',
    requires,
    cells: {
      python: ['display("one")\ndisplay("two")', '1', 'display({"three": 3})'],
      javascript: ["display('one');\ndisplay('two');", '1', 'display({ three: 3 });'],
    },
    async check({ run }) {
      const paths: unknown[] = [];
      for (const cell of [0, 1, 2]) paths.push(shownBy(await run(cell)).map(([path]) => path));
      expectEqual(paths, [['display/0001.txt', 'display/0002.txt'], [], ['display/0003.json']], 'paths, by cell');
    },
  }),
  contextCase({
    area: 'displays',
    name: 'last-value',
    title: 'displays the value of the last expression of a cell when it has a rich form, and no other',
    requires,
    cells: {
      python: [RICH.python, 'Rich()', '[1, 2]', '"text"', 'x = Rich()'],
      javascript: [RICH.javascript, 'new Rich()', '[1, 2]', "'text'", 'const x = new Rich();'],
    },
    async check({ run }) {
      expectStatus(await run(0), 'completed');
      const shown = shownBy(await run(1));
      expectEqual(
        shown.map(([, type, text]) => [type, text]),
        [['text/html', '<b>rich 🦊</b>']],
        'what a cell that ends in a rich value shows',
      );
      for (const cell of [2, 3, 4]) {
        const { artifacts } = await run(cell);
        expectTrue(artifacts.files.length === 0, `artifacts of cell ${cell}, which ends in no rich value`, artifacts.files.length, 0);
      }
    },
  }),
];

/** What programs and cells display. */
export const displayCases: readonly ConformanceCase[] = [...programCases, ...cellCases].flat();
