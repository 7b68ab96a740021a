import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, type ProgramCase } from '../define-case.ts';
import { expectEqual, expectStatus, expectTrue, expectValue } from '../expectations.ts';

/** A case whose program completes with a known value and a known stdout. */
function loadedCase(definition: {
  id: string;
  title: string;
  programs: ProgramCase['programs'];
  value: unknown;
  stdout: string;
}): ConformanceCase[] {
  return inEachLanguage({
    ...definition,
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectValue(result, definition.value);
      expectEqual(result.stdout, definition.stdout, 'stdout');
    },
  });
}

const loadingCases = [
  loadedCase({
    id: 'programs/guarded-main',
    title: 'calls main itself and leaves the block under the __main__ guard alone',
    programs: { python: 'def main():\n    return "called"\nif __name__ == "__main__":\n    print("guard")\n    main()\n' },
    value: 'called',
    stdout: '',
  }),
  inEachLanguage({
    id: 'programs/guarded-script',
    title: 'runs a program without main as a script, with its __main__ guard',
    programs: { python: 'def work():\n    print("worked")\nif __name__ == "__main__":\n    work()\n' },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual(result.stdout, 'worked\n', 'stdout');
    },
  }),
  loadedCase({
    id: 'programs/commonjs-export',
    title: 'finds a main that a CommonJS program exports',
    programs: { javascript: "const { basename } = require('node:path');\nmodule.exports = { main: () => basename('/a/b') };\n" },
    value: 'b',
    stdout: '',
  }),
  loadedCase({
    id: 'programs/module-export',
    title: 'finds a main that an ES module exports, and allows await at top level',
    programs: {
      javascript:
        "import { basename } from 'node:path';\nconst name = await Promise.resolve('/a/b');\n" +
        "console.log('loaded');\nexport async function main() {\n  return basename(name);\n}\n",
      ecmascript:
        "const name = await Promise.resolve('/a/b');\nconsole.log('loaded');\nexport async function main() {\n  return name.slice(3);\n}\n",
    },
    value: 'b',
    stdout: 'loaded\n',
  }),
  loadedCase({
    id: 'programs/module-without-export',
    title: 'finds a top-level main of an ES module that exports nothing',
    programs: {
      javascript: "import { basename } from 'node:path';\nfunction main() {\n  return basename('/a/b');\n}\n",
      ecmascript: "const name = await 'b';\nfunction main() {\n  return name;\n}\n",
    },
    value: 'b',
    stdout: '',
  }),
  loadedCase({
    id: 'programs/large-source',
    title: 'takes a source of nearly 1 MiB',
    programs: {
      python: `def main():\n    return 1\n${`# ${'x'.repeat(97)}\n`.repeat(10_400)}`,
      javascript: `function main() { return 1; }\n${`//${'x'.repeat(97)}\n`.repeat(10_400)}`,
    },
    value: 1,
    stdout: '',
  }),
  loadedCase({
    id: 'programs/unicode-source',
    title: 'reads the source as UTF-8',
    programs: {
      python: 'größe = "漢字 🦊"\ndef main():\n    print(größe)\n    return len(größe)\n',
      javascript: "const größe = '漢字 🦊';\nfunction main() {\n  console.log(größe);\n  return [...größe].length;\n}\n",
    },
    value: 4,
    stdout: '漢字 🦊\n',
  }),
  inEachLanguage({
    id: 'programs/empty-source',
    title: 'completes an empty program',
    programs: { python: '', javascript: '' },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual([result.stdout, result.stderr, Object.hasOwn(result, 'value')], ['', '', false], 'stdout, stderr, value is present');
    },
  }),
];

const surroundingCases = [
  loadedCase({
    id: 'programs/empty-input',
    title: 'gives the program an empty standard input',
    programs: {
      python: 'import sys\ndef main():\n    return sys.stdin.read()\n',
      javascript: "const main = () => require('node:fs').readFileSync(0, 'utf8');\n",
    },
    value: '',
    stdout: '',
  }),
  loadedCase({
    id: 'programs/work-folder',
    title: 'starts in a work folder that can be written, with an empty artifacts folder',
    programs: {
      python:
        'import os\ndef main():\n    with open("note.txt", "w") as note:\n        note.write("kept")\n' +
        '    return [open("note.txt").read(), os.listdir("artifacts")]\n',
      javascript:
        "const fs = require('node:fs');\nfunction main() {\n  fs.writeFileSync('note.txt', 'kept');\n" +
        "  return [fs.readFileSync('note.txt', 'utf8'), fs.readdirSync('artifacts')];\n}\n",
    },
    value: ['kept', []],
    stdout: '',
  }),
  inEachLanguage({
    id: 'programs/runs-once',
    title: 'starts a program once, also when it fails',
    programs: {
      python:
        'import os\nwith open("count", "a") as count:\n    count.write("x")\n' +
        'print("run", os.path.getsize("count"), flush=True)\nraise OSError("connection reset")\n',
      javascript:
        "const fs = require('node:fs');\nfs.appendFileSync('count', 'x');\n" +
        "console.log('run', fs.statSync('count').size);\nthrow new Error('connection reset');\n",
    },
    async run(context, { code, language }) {
      let seen = '';
      const onOutput = (chunk: { stream: string; text: string }) => {
        if (chunk.stream === 'stdout') seen += chunk.text;
      };
      const result = await context.execute({ code, language, onOutput });
      expectStatus(result, 'failed');
      expectEqual([result.stdout, seen], ['run 1\n', 'run 1\n'], 'stdout, and what the callback saw');
    },
  }),
  inEachLanguage({
    id: 'programs/threads',
    title: 'lets a program use threads',
    requires: ['subprocesses'],
    programs: {
      python:
        'import threading\ndef main():\n    found = []\n' +
        '    workers = [threading.Thread(target=found.append, args=(n,)) for n in range(4)]\n' +
        '    [worker.start() for worker in workers]\n    [worker.join() for worker in workers]\n    return sorted(found)\n',
      javascript:
        "const { Worker } = require('node:worker_threads');\nconst source = 'require(\"node:worker_threads\").parentPort.postMessage([0, 1, 2, 3])';\n" +
        "const main = () => new Promise((done, failed) => new Worker(source, { eval: true }).on('message', done).on('error', failed));\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectTrue(result.status === 'completed', 'status', result, 'completed');
      expectEqual(result.value, [0, 1, 2, 3], 'value');
    },
  }),
];

/** How a program is loaded, and what it finds around it. */
export const programCases: readonly ConformanceCase[] = [...loadingCases, ...surroundingCases].flat();
