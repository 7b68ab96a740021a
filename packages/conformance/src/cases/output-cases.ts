import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectTrue } from '../expectations.ts';
import { outputCallbackCases } from './output-callback-cases.ts';
import { outputLimitCases } from './output-limit-cases.ts';
import { outputStreamCases } from './output-stream-cases.ts';

const decodingCases = [
  inEachLanguage({
    id: 'output/split-characters',
    title: 'puts characters together that were written in pieces',
    programs: {
      python: 'import os, time\nfor byte in "é漢🦊\\n".encode():\n    os.write(1, bytes([byte]))\n    time.sleep(0.03)\n',
      javascript:
        "const fs = require('node:fs');\nconst pause = new Int32Array(new SharedArrayBuffer(4));\n" +
        "for (const byte of Buffer.from('é漢🦊\\n')) {\n  fs.writeSync(1, Buffer.of(byte));\n  Atomics.wait(pause, 0, 0, 30);\n}\n",
      ecmascript:
        "const pause = () => new Promise((resolve) => setTimeout(resolve, 30));\nfor (const byte of new TextEncoder().encode('é漢🦊\\n')) {\n" +
        '  sandbox.output.write(Uint8Array.of(byte));\n  await pause();\n}\n',
    },
    async run(context, { code, language }) {
      const chunks: string[] = [];
      const result = await context.execute({ code, language, onOutput: ({ text }) => void chunks.push(text) });
      expectStatus(result, 'completed');
      expectEqual(result.stdout, 'é漢🦊\n', 'stdout');
      expectTrue(
        chunks.every((text) => text.isWellFormed() && !text.includes('\uFFFD')),
        'chunks end between characters',
        chunks,
      );
      expectEqual(chunks.join(''), result.stdout, 'chunks together');
    },
  }),
  inOneLanguage({
    id: 'output/invalid-bytes',
    title: 'replaces bytes that are not UTF-8 and keeps everything around them',
    programs: {
      python: 'import os\nos.write(1, bytes([97, 255, 98, 0xE6, 0xBC, 99, 10, 0xF0, 0x9F]))\nos.write(2, bytes([0xC0, 100]))\n',
      javascript:
        "const fs = require('node:fs');\nfs.writeSync(1, Buffer.from([97, 255, 98, 0xe6, 0xbc, 99, 10, 0xf0, 0x9f]));\n" +
        'fs.writeSync(2, Buffer.from([0xc0, 100]));\n',
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual([result.stdout, result.stderr], ['a\uFFFDb\uFFFDc\n\uFFFD', '\uFFFDd'], 'stdout and stderr');
    },
  }),
  inOneLanguage({
    id: 'output/control-characters',
    title: 'passes control characters, NUL and line ends through unchanged',
    programs: {
      python: 'import os\nos.write(1, b"\\x00\\x1b[31mred\\x1b[0m\\r\\n\\x07\\x08\\r\\t\\x7f\\xef\\xbb\\xbfend")\n',
      javascript: "require('node:fs').writeSync(1, '\\x00\\x1b[31mred\\x1b[0m\\r\\n\\x07\\x08\\r\\t\\x7f\\ufeffend');\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual(result.stdout, '\0\u001B[31mred\u001B[0m\r\n\u0007\b\r\t\u007F\uFEFFend', 'stdout');
    },
  }),
];

const completenessCases = [
  inEachLanguage({
    id: 'output/unfinished-line',
    title: 'keeps output that does not end with a line end',
    programs: {
      python: 'import sys\nsys.stdout.write("out")\nsys.stderr.write("err")\n',
      javascript: "process.stdout.write('out');\nprocess.stderr.write('err');\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual([result.stdout, result.stderr], ['out', 'err'], 'stdout and stderr');
    },
  }),
  inEachLanguage({
    id: 'output/streams-apart',
    title: 'keeps stdout and stderr apart, each in its own order',
    programs: {
      python: 'import sys\nfor n in range(50):\n    print("out", n, flush=True)\n    print("err", n, file=sys.stderr, flush=True)\n',
      javascript: "for (let n = 0; n < 50; n += 1) {\n  console.log('out', n);\n  console.error('err', n);\n}\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      const lines = (word: string) => Array.from({ length: 50 }, (_, n) => `${word} ${n}\n`).join('');
      expectEqual([result.stdout, result.stderr], [lines('out'), lines('err')], 'stdout and stderr');
    },
  }),
  inEachLanguage({
    id: 'output/many-lines',
    title: 'keeps many lines in their order',
    programs: {
      python: 'for n in range(20000):\n    print("line", n)\n',
      javascript: "for (let n = 0; n < 20000; n += 1) console.log('line', n);\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      const expected = Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join('');
      expectTrue(result.stdout === expected, 'stdout is the 20000 lines in order', result.stdout.slice(0, 200));
    },
  }),
  inOneLanguage({
    id: 'output/subprocess',
    title: 'keeps what a subprocess prints',
    requires: ['subprocesses'],
    programs: {
      python:
        'import subprocess, sys\nprint("parent", flush=True)\n' +
        'subprocess.run([sys.executable, "-c", "import sys; print(\'child\'); print(\'warning\', file=sys.stderr)"], check=True)\n',
      javascript:
        "const { spawnSync } = require('node:child_process');\nrequire('node:fs').writeSync(1, 'parent\\n');\n" +
        "spawnSync(process.execPath, ['-e', \"console.log('child'); console.error('warning')\"], { stdio: 'inherit' });\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual([result.stdout, result.stderr], ['parent\nchild\n', 'warning\n'], 'stdout and stderr');
    },
  }),
];

/** Output arrives whole, in order and decoded. */
export const outputCases: readonly ConformanceCase[] = [
  ...decodingCases,
  ...completenessCases,
  outputLimitCases,
  outputCallbackCases,
  outputStreamCases,
].flat();
