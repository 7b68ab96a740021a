import { Buffer } from 'node:buffer';
import type { ArtifactCollection } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectValue } from '../expectations.ts';
import { BEATING, expectSilence } from './beating-process.ts';
import { callOrderCases } from './call-order-cases.ts';
import { recoveryCases } from './recovery-cases.ts';

const requires = ['executionsPerSandbox.many'] as const;

/** Runs what the argument `source` says, so that one case can have several programs. */
const contentOf = (artifacts: ArtifactCollection) => artifacts.files.map(({ path, content }) => [path, Buffer.from(content).toString()]);

/** Appends the argument `word` to the file `kept` and gives what it holds. */
const APPENDING = {
  python:
    'import os\ndef main(word):\n    os.makedirs("deep/er", exist_ok=True)\n    with open("deep/er/kept", "a") as kept:\n        kept.write(word)\n' +
    '    return open("deep/er/kept").read()\n',
  javascript:
    "const fs = require('node:fs');\nfunction main({ word }) {\n  fs.mkdirSync('deep/er', { recursive: true });\n  fs.appendFileSync('deep/er/kept', word);\n" +
    "  return fs.readFileSync('deep/er/kept', 'utf8');\n}\n",
};

/** Writes the files of the argument `files` below `artifacts/`, and makes the links of `links`. */
const LEAVING = {
  python:
    'import os\ndef main(files, links=()):\n    os.makedirs("artifacts", exist_ok=True)\n    for path, text in files.items():\n' +
    '        open("artifacts/" + path, "w").write(text)\n    for path in links:\n        os.symlink("nowhere", "artifacts/" + path)\n',
  javascript:
    "const fs = require('node:fs');\nfunction main({ files, links = [] }) {\n  fs.mkdirSync('artifacts', { recursive: true });\n" +
    "  for (const [path, text] of Object.entries(files)) fs.writeFileSync('artifacts/' + path, text);\n" +
    "  for (const path of links) fs.symlinkSync('nowhere', 'artifacts/' + path);\n}\n",
};

const fileCases = [
  inEachLanguage({
    id: 'sandboxes/files-stay',
    title: 'shows a call the files that the call before it left',
    requires,
    programs: APPENDING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      for (const [word, kept] of Object.entries({ one: 'one', two: 'onetwo', three: 'onetwothree' })) {
        expectValue(await sandbox.execute({ code, language, arguments: { word } }, { signal: context.signal }), kept);
      }
    },
  }),
  inOneLanguage({
    id: 'sandboxes/input-files-stay',
    title: 'keeps the input files of a call for the next, which may replace them',
    requires: ['executionsPerSandbox.many', 'files'],
    programs: {
      python: 'def main():\n    return [open(name).read() for name in ("a.txt", "b.txt")]\n',
      javascript: "const main = () => ['a.txt', 'b.txt'].map((name) => require('node:fs').readFileSync(name, 'utf8'));\n",
    },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const first = await sandbox.execute({ code, language, files: { 'a.txt': 'a', 'b.txt': 'b' } }, { signal: context.signal });
      expectValue(first, ['a', 'b']);
      expectValue(await sandbox.execute({ code, language, files: { 'b.txt': 'new' } }, { signal: context.signal }), ['a', 'new']);
    },
  }),
  inOneLanguage({
    id: 'sandboxes/exchanged-files',
    title: 'exchanges files with the caller between calls',
    requires: ['executionsPerSandbox.many', 'files'],
    programs: APPENDING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      expectValue(await sandbox.execute({ code, language, arguments: { word: 'one' } }, { signal: context.signal }), 'one');
      expectEqual(Buffer.from(await sandbox.readFile('deep/er/kept')).toString(), 'one', 'the file after the first call');
      await sandbox.writeFile('deep/er/kept', 'replaced ');
      expectValue(await sandbox.execute({ code, language, arguments: { word: 'two' } }, { signal: context.signal }), 'replaced two');
    },
  }),
];

const artifactCases = [
  inEachLanguage({
    id: 'sandboxes/own-artifacts',
    title: 'brings back of each call the artifacts that it made or changed, and no others',
    requires: ['executionsPerSandbox.many', 'artifacts'],
    programs: LEAVING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const leave = (files: Record<string, string>) =>
        sandbox.execute({ code, language, arguments: { files } }, { signal: context.signal }).then(({ artifacts }) => artifacts);
      expectEqual(
        contentOf(await leave({ 'a.txt': 'a', 'b.txt': 'b' })),
        [
          ['a.txt', 'a'],
          ['b.txt', 'b'],
        ],
        'artifacts of the first call',
      );
      expectEqual(
        contentOf(await leave({ 'b.txt': 'changed', 'c.txt': 'c' })),
        [
          ['b.txt', 'changed'],
          ['c.txt', 'c'],
        ],
        'artifacts of the second',
      );
      expectEqual(await leave({}), { files: [], omitted: [], complete: true }, 'artifacts of a call that left none');
    },
  }),
  inOneLanguage({
    id: 'sandboxes/own-omissions',
    title: 'names what is left behind of artifacts only in the call that made it',
    requires: ['executionsPerSandbox.many', 'artifacts'],
    programs: LEAVING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const first = await sandbox.execute({ code, language, arguments: { files: {}, links: ['link'] } }, { signal: context.signal });
      expectEqual(
        [first.artifacts.omitted.map(({ path }) => path), first.artifacts.complete],
        [['link'], false],
        'omitted by the first call',
      );
      const second = await sandbox.execute({ code, language, arguments: { files: { 'a.txt': 'a' } } }, { signal: context.signal });
      expectEqual([contentOf(second.artifacts), second.artifacts.complete], [[['a.txt', 'a']], true], 'artifacts of the second call');
    },
  }),
  inOneLanguage({
    id: 'sandboxes/artifacts-folder-returns',
    title: 'has the folder for artifacts again when a call took it away',
    requires: ['executionsPerSandbox.many', 'artifacts'],
    programs: { python: 'import os\nos.rmdir("artifacts")\n', javascript: "require('node:fs').rmdirSync('artifacts');\n" },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      for (const call of ['first', 'second']) {
        const { status } = await sandbox.execute({ code, language }, { signal: context.signal });
        expectEqual(status, 'completed', `status of the ${call} call, which takes the folder away`);
      }
    },
  }),
];

const apartCases = [
  inEachLanguage({
    id: 'sandboxes/variables-apart',
    title: 'shows a call no variable of the call before it',
    requires,
    programs: {
      python:
        'import builtins, sys\ndef main():\n    found = [hasattr(builtins, "left"), hasattr(sys, "left"), "left" in globals()]\n' +
        '    builtins.left = sys.left = globals()["left"] = 1\n    return found\n',
      javascript:
        'function main() {\n  const found = [globalThis.left !== undefined, process.left !== undefined];\n' +
        '  globalThis.left = process.left = 1;\n  return found;\n}\n',
    },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const absent = language === 'python' ? [false, false, false] : [false, false];
      expectValue(await sandbox.execute({ code, language }, { signal: context.signal }), absent);
      expectValue(await sandbox.execute({ code, language }, { signal: context.signal }), absent);
    },
  }),
  inEachLanguage({
    id: 'sandboxes/environment-apart',
    title: 'shows a call no environment variable of the call before it',
    requires: ['executionsPerSandbox.many', 'environment'],
    programs: {
      python: 'import os\ndef main():\n    os.environ["LEFT"] = "left"\n    return os.environ.get("GIVEN")\n',
      javascript: "function main() {\n  process.env.LEFT = 'left';\n  return process.env.GIVEN ?? null;\n}\n",
    },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      expectValue(await sandbox.execute({ code, language, environment: { GIVEN: 'given' } }, { signal: context.signal }), 'given');
      expectValue(await sandbox.execute({ code, language }, { signal: context.signal }), null);
    },
  }),
  inEachLanguage({
    id: 'sandboxes/processes-end',
    title: 'has ended every process of a call when the next one begins',
    requires: ['executionsPerSandbox.many', 'subprocesses', 'files'],
    programs: {
      python:
        'import os, subprocess, sys, time\n' +
        `subprocess.Popen([sys.executable, "-c", ${JSON.stringify(BEATING.python)}])\nwhile not os.path.exists("beat") or os.path.getsize("beat") == 0:\n    time.sleep(0.01)\n`,
      javascript:
        "const fs = require('node:fs');\nconst { spawn } = require('node:child_process');\n" +
        `spawn(process.execPath, ['-e', ${JSON.stringify(BEATING.javascript)}], { stdio: 'inherit' }).unref();\n` +
        "const timer = setInterval(() => fs.existsSync('beat') && fs.statSync('beat').size > 0 && clearInterval(timer), 10);\n",
    },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      expectStatus(await sandbox.execute({ code, language }, { signal: context.signal }), 'completed');
      expectStatus(await sandbox.execute({ code: '', language }, { signal: context.signal }), 'completed');
      await expectSilence(sandbox);
    },
  }),
];

/** A sandbox that is kept: what stays from call to call, and what does not. */
export const keptSandboxCases: readonly ConformanceCase[] = [
  ...fileCases,
  ...artifactCases,
  ...apartCases,
  recoveryCases,
  callOrderCases,
].flat();
