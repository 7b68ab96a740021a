import { Buffer } from 'node:buffer';
import { describePathProblem, type ArtifactCollection } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectTrue } from '../expectations.ts';
import { artifactLimitCases } from './artifact-limit-cases.ts';

const requires = ['artifacts'] as const;
const contentOf = (artifacts: ArtifactCollection) =>
  artifacts.files.map(({ path, sizeBytes, content }) => [path, sizeBytes, Buffer.from(content).toString('latin1')]);

const collectionCases = [
  inEachLanguage({
    id: 'artifacts/collected',
    title: 'brings back what the program left: binary, nested, empty, sorted by path, with a media type',
    requires,
    programs: {
      python:
        'import os\nos.makedirs("artifacts/a/b")\ndef put(path, content):\n    open("artifacts/" + path, "wb").write(content)\n' +
        'put("plot.png", bytes(range(256)))\nput("a/b/table.csv", b"x,y\\n")\nput("a/data.json", b"{}")\nput("Z", b"")\nput("a.txt", b"text")\n',
      javascript:
        "const fs = require('node:fs');\nfs.mkdirSync('artifacts/a/b', { recursive: true });\n" +
        "const put = (path, content) => fs.writeFileSync('artifacts/' + path, content);\n" +
        "put('plot.png', Uint8Array.from({ length: 256 }, (_, n) => n));\nput('a/b/table.csv', 'x,y\\n');\nput('a/data.json', '{}');\n" +
        "put('Z', '');\nput('a.txt', 'text');\n",
    },
    async run(context, { code, language }) {
      const { artifacts } = await context.execute({ code, language });
      const everyByte = Buffer.from(Uint8Array.from({ length: 256 }, (_, n) => n)).toString('latin1');
      const expected = [
        ['Z', 0, ''],
        ['a.txt', 4, 'text'],
        ['a/b/table.csv', 4, 'x,y\n'],
        ['a/data.json', 2, '{}'],
        ['plot.png', 256, everyByte],
      ];
      expectEqual(contentOf(artifacts), expected, 'path, size and content of the artifacts');
      expectEqual([artifacts.omitted, artifacts.complete], [[], true], 'omitted and complete');
      const types = artifacts.files.map(({ mediaType }) => mediaType.split(';')[0]);
      expectEqual(types, ['application/octet-stream', 'text/plain', 'text/csv', 'application/json', 'image/png'], 'media types');
    },
  }),
  inOneLanguage({
    id: 'artifacts/none',
    title: 'says that the collection is complete when the program left nothing, or took the folder away',
    requires,
    programs: { python: 'import os\nos.rmdir("artifacts")\n', javascript: "require('node:fs').rmdirSync('artifacts');\n" },
    async run(context, { code, language }) {
      for (const program of ['', code]) {
        const result = await context.execute({ code: program, language });
        expectStatus(result, 'completed');
        expectEqual(result.artifacts, { files: [], omitted: [], complete: true }, 'artifacts');
      }
    },
  }),
  inEachLanguage({
    id: 'artifacts/failed-program',
    title: 'brings back what a failed program left',
    requires,
    programs: {
      python: 'open("artifacts/half.txt", "w").write("half")\nraise ValueError("not the rest")\n',
      javascript: "require('node:fs').writeFileSync('artifacts/half.txt', 'half');\nthrow new Error('not the rest');\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'failed');
      expectEqual(contentOf(result.artifacts), [['half.txt', 4, 'half']], 'artifacts');
    },
  }),
];

const OWN_FOLDER_LINK = {
  python: 'import os\nos.rmdir("artifacts")\nos.symlink("/etc", "artifacts")\n',
  javascript: "const fs = require('node:fs');\nfs.rmdirSync('artifacts');\nfs.symlinkSync('/etc', 'artifacts');\n",
};

const hostileCases = [
  inEachLanguage({
    id: 'artifacts/links',
    title: 'follows no link and says what it left behind',
    requires,
    programs: {
      python:
        'import os\nopen("artifacts/real.txt", "w").write("real")\nos.symlink("/etc/passwd", "artifacts/passwd")\n' +
        'os.symlink("/etc", "artifacts/etc")\nos.symlink("real.txt", "artifacts/near")\nif hasattr(os, "mkfifo"):\n    os.mkfifo("artifacts/queue")\n    print("queue")\n',
      javascript:
        "const fs = require('node:fs');\nfs.writeFileSync('artifacts/real.txt', 'real');\nfs.symlinkSync('/etc/passwd', 'artifacts/passwd');\n" +
        "fs.symlinkSync('/etc', 'artifacts/etc');\nfs.symlinkSync('real.txt', 'artifacts/near');\n",
    },
    async run(context, { code, language }) {
      const { artifacts, stdout } = await context.execute({ code, language });
      expectEqual(contentOf(artifacts), [['real.txt', 4, 'real']], 'artifacts');
      const expected = ['etc', 'near', 'passwd', ...(stdout.length > 0 ? ['queue'] : [])];
      expectEqual(
        artifacts.omitted.map(({ path, reason }) => [path, reason]),
        expected.map((path) => [path, 'not-a-regular-file']),
        'omitted',
      );
      expectEqual(artifacts.complete, false, 'complete');
    },
  }),
  inOneLanguage({
    id: 'artifacts/linked-folder',
    title: 'brings nothing back when the program put a link in the place of the folder',
    requires,
    programs: OWN_FOLDER_LINK,
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual(contentOf(result.artifacts), [], 'artifacts');
    },
  }),
  inEachLanguage({
    id: 'artifacts/names',
    title: 'accounts for every file, however it is named',
    requires,
    programs: {
      python: 'def main(names):\n    for name in names:\n        open("artifacts/" + name, "w").write(name)\n',
      javascript:
        "const fs = require('node:fs');\nfunction main({ names }) {\n  for (const name of names) fs.writeFileSync('artifacts/' + name, name);\n}\n",
    },
    async run(context, { code, language }) {
      const fair = ['sp ace.txt', '-rf', 'quo\'te".txt', '$(exit 9);`x`', '漢字🦊.txt', '..dots', '*?[a]{b}', '~', '%2e%2e'];
      const unfair = ['line\nfeed', 'back\\slash', '..\\..\\x', 'es\u001Bcape'];
      expectTrue(
        unfair.every((name) => describePathProblem(name) !== undefined),
        'the names that the contract does not allow',
      );
      const { artifacts } = await context.execute({ code, language, arguments: { names: [...fair, ...unfair] } });
      expectEqual(
        contentOf(artifacts).map(([path]) => path),
        fair.toSorted(byCodeUnits),
        'paths',
      );
      expectEqual(
        artifacts.files.map(({ content }) => Buffer.from(content).toString()),
        fair.toSorted(byCodeUnits),
        'contents',
      );
      expectEqual(
        artifacts.omitted.map(({ reason }) => reason),
        unfair.map(() => 'name-not-allowed'),
        'reasons of the omitted',
      );
      expectEqual(artifacts.complete, false, 'complete');
    },
  }),
  inEachLanguage({
    id: 'artifacts/undecodable-name',
    title: 'survives a file whose name is not UTF-8',
    requires,
    programs: {
      python:
        'try:\n    open(b"artifacts/\\xff\\xfe", "w").write("x")\n    print("bad")\nexcept OSError:\n    pass\n' +
        'open("artifacts/good.txt", "w").write("good")\n',
      javascript:
        "const fs = require('node:fs');\nfs.writeFileSync(Buffer.from('artifacts/\\xff\\xfe', 'latin1'), 'x');\n" +
        "console.log('bad');\nfs.writeFileSync('artifacts/good.txt', 'good');\n",
      ecmascript: "sandbox.files.write('artifacts/good.txt', 'good');\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual(contentOf(result.artifacts), [['good.txt', 4, 'good']], 'artifacts');
      // A file system may refuse such a name.
      const wasMade = result.stdout.length > 0;
      expectEqual(
        result.artifacts.omitted.map(({ reason }) => reason),
        wasMade ? ['name-not-allowed'] : [],
        'reasons of the omitted',
      );
    },
  }),
];

/** What the program leaves in `artifacts/` comes back, and what does not is said. */
export const artifactCases: readonly ConformanceCase[] = [...collectionCases, ...hostileCases, artifactLimitCases].flat();

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : 1;
}
