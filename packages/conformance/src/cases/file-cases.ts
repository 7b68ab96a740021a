import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectRefusal, expectStatus, expectValue } from '../expectations.ts';
import { fileStreamCases } from './file-stream-cases.ts';

const requires = ['files'] as const;
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, n) => n);
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** Gives the SHA-256 of each file that the argument `paths` names. */
const DIGESTS = {
  python: 'import hashlib\ndef main(paths):\n    return {path: hashlib.sha256(open(path, "rb").read()).hexdigest() for path in paths}\n',
  javascript:
    "const { createHash } = require('node:crypto');\nconst fs = require('node:fs');\nconst main = ({ paths }) =>\n" +
    "  Object.fromEntries(paths.map((path) => [path, createHash('sha256').update(fs.readFileSync(path)).digest('hex')]));\n",
};

/** A case in which input files must be found by the program as they were given. */
function inputCase(name: string, title: string, files: Record<string, string | Uint8Array>): ConformanceCase[] {
  return inEachLanguage({
    id: `files/${name}`,
    title,
    requires,
    programs: DIGESTS,
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, files, arguments: { paths: Object.keys(files) } });
      expectValue(result, Object.fromEntries(Object.entries(files).map(([path, content]) => [path, sha256(content)])));
    },
  });
}

const ESCAPES = [
  '../x',
  'a/../../x',
  '/etc/x',
  'C:\\x',
  'a\\b',
  '',
  '.',
  './x',
  'a//b',
  'a/',
  'nul\0l',
  'line\nfeed',
  `${'x'.repeat(513)}`,
];

const inputCases = [
  inputCase('input', 'lays text and binary files into the work folder', {
    'notes.txt': 'naïve 🦊\r\n',
    'data/deep/er/bytes.bin': EVERY_BYTE,
    'data/empty': '',
  }),
  inputCase('names', 'takes file names with spaces, quotes, signs and any letters', {
    'sp ace.txt': '1',
    '-rf': '2',
    'quo\'te"s.txt': '3',
    '$(exit 9)`x`;&|*?.txt': '4',
    'ünï/漢字🦊.txt': '5',
    '..dots..': '6',
    '.hidden/~': '7',
  }),
  inputCase('large', 'takes an input file of 8 MiB', { 'large.bin': Buffer.alloc(8 * 1024 * 1024, EVERY_BYTE) }),
  inEachLanguage({
    id: 'files/importable',
    title: 'lets the program load an input file as a module',
    requires,
    programs: {
      python: 'import prices\ndef main():\n    return prices.total([1, 2])\n',
      javascript: "const prices = require('./prices.cjs');\nconst main = () => prices.total([1, 2]);\n",
    },
    async run(context, { code, language }) {
      const files = {
        'prices.py': 'def total(prices):\n    return sum(prices)\n',
        'prices.cjs': 'exports.total = (prices) => prices.reduce((a, b) => a + b);\n',
      };
      expectValue(await context.execute({ code, language, files }), 3);
    },
  }),
  inEachLanguage({
    id: 'files/look-like-machinery',
    title: 'is not led astray by input files that are named like parts of the language or of a runner',
    requires,
    programs: { python: 'def main():\n    return "unharmed"\n', javascript: "const main = () => 'unharmed';\n" },
    async run(context, { code, language }) {
      const python = ['json', 'os', 'traceback', 'sitecustomize', 'encodings', 'main', 'runner', 'asyncio'];
      const files = {
        ...Object.fromEntries(python.map((name) => [`${name}.py`, 'raise SystemExit(9)\n'])),
        ...Object.fromEntries(['main.js', 'index.js', 'runner.js', 'fs.js'].map((name) => [name, 'process.exit(9);\n'])),
      };
      expectValue(await context.execute({ code, language, files }), 'unharmed');
    },
  }),
  inOneLanguage({
    id: 'files/escapes',
    title: 'refuses input files outside the work folder and runs nothing',
    requires,
    programs: { python: 'print("ran")\n', javascript: "console.log('ran');\n" },
    async run(context, { code, language }) {
      const seen: string[] = [];
      const sandbox = await context.createSandbox({ language });
      for (const path of ESCAPES) {
        const call = sandbox.execute({ code, language, files: { [path]: 'x' }, onOutput: ({ text }) => void seen.push(text) });
        await expectRefusal(call, 'REQUEST_INVALID', 'files');
      }
      expectEqual(seen, [], 'output');
    },
  }),
];

const exchangeCases = [
  inOneLanguage({
    id: 'files/write-and-read',
    title: 'gives back what was written into the sandbox, also after it was written anew',
    requires,
    programs: DIGESTS,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      await sandbox.writeFile('notes/today.txt', 'yesterday and the day before');
      await sandbox.writeFile('notes/today.txt', 'today 🦊');
      await sandbox.writeFile('bytes.bin', EVERY_BYTE);
      await sandbox.writeFile('empty', '');
      expectEqual(Buffer.from(await sandbox.readFile('notes/today.txt')).toString(), 'today 🦊', 'text');
      expectEqual([...(await sandbox.readFile('bytes.bin'))], [...EVERY_BYTE], 'bytes');
      expectEqual((await sandbox.readFile('empty')).byteLength, 0, 'size of the empty file');
      const paths = ['notes/today.txt', 'bytes.bin'];
      const result = await sandbox.execute({ code, language, arguments: { paths } }, { signal: context.signal });
      expectValue(result, { 'notes/today.txt': sha256('today 🦊'), 'bytes.bin': sha256(EVERY_BYTE) });
    },
  }),
  inOneLanguage({
    id: 'files/read-afterwards',
    title: 'reads files that the program wrote, but follows no link that it made',
    requires,
    programs: {
      python:
        'import os\nos.makedirs("out/deep")\nopen("out/deep/report.txt", "w").write("done")\nos.symlink("/etc/passwd", "passwd")\n' +
        'os.symlink("/etc", "etc")\nos.symlink("out", "inside")\nos.symlink("loop", "loop")\n',
      javascript:
        "const fs = require('node:fs');\nfs.mkdirSync('out/deep', { recursive: true });\nfs.writeFileSync('out/deep/report.txt', 'done');\n" +
        "fs.symlinkSync('/etc/passwd', 'passwd');\nfs.symlinkSync('/etc', 'etc');\nfs.symlinkSync('out', 'inside');\nfs.symlinkSync('loop', 'loop');\n",
    },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      expectStatus(await sandbox.execute({ code, language }, { signal: context.signal }), 'completed');
      expectEqual(Buffer.from(await sandbox.readFile('out/deep/report.txt')).toString(), 'done', 'the file');
      for (const path of ['passwd', 'etc/passwd', 'inside/deep/report.txt', 'loop']) {
        await expectRefusal(sandbox.readFile(path), ['FILE_NOT_FOUND', 'REQUEST_INVALID']);
      }
    },
  }),
  inOneLanguage({
    id: 'files/missing',
    title: 'says FILE_NOT_FOUND of what is missing or no regular file',
    requires,
    programs: { python: '', javascript: '' },
    async run(context, { language }) {
      const sandbox = await context.createSandbox({ language });
      await sandbox.writeFile('folder/file', 'x');
      for (const path of ['missing', 'missing/below', 'folder', 'folder/file/below']) {
        await expectRefusal(sandbox.readFile(path), 'FILE_NOT_FOUND');
      }
    },
  }),
  inOneLanguage({
    id: 'files/exchange-escapes',
    title: 'reads and writes nothing outside the work folder',
    requires,
    programs: { python: '', javascript: '' },
    async run(context, { language }) {
      const sandbox = await context.createSandbox({ language });
      for (const path of ESCAPES) {
        await expectRefusal(sandbox.readFile(path), 'REQUEST_INVALID', 'path');
        await expectRefusal(sandbox.writeFile(path, 'x'), 'REQUEST_INVALID', 'path');
      }
    },
  }),
  inOneLanguage({
    id: 'files/closed-sandbox',
    title: 'exchanges no files with a destroyed sandbox',
    requires,
    programs: { python: '', javascript: '' },
    async run(context, { language }) {
      const sandbox = await context.createSandbox({ language });
      await sandbox.writeFile('a.txt', 'x');
      await sandbox.destroy();
      await expectRefusal(sandbox.readFile('a.txt'), 'SANDBOX_CLOSED');
      await expectRefusal(sandbox.writeFile('a.txt', 'y'), 'SANDBOX_CLOSED');
    },
  }),
];

/** Files go in and out of the work folder, and nowhere else. */
export const fileCases: readonly ConformanceCase[] = [...inputCases, ...exchangeCases, fileStreamCases].flat();
