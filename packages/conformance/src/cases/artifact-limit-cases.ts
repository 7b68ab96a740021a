import type { ArtifactOmissionReason, ExecutionRequestInput } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { inOneLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectTrue } from '../expectations.ts';

/** Writes files of the given sizes below `artifacts/`. */
const FILL = {
  python:
    'import os\ndef main(sizes):\n    for path, size in sizes.items():\n        path = "artifacts/" + path\n' +
    '        os.makedirs(os.path.dirname(path), exist_ok=True)\n        open(path, "wb").write(bytes(size))\n',
  javascript:
    "const fs = require('node:fs');\nconst { dirname } = require('node:path');\nfunction main({ sizes }) {\n" +
    "  for (const [path, size] of Object.entries(sizes)) {\n    fs.mkdirSync(dirname('artifacts/' + path), { recursive: true });\n" +
    "    fs.writeFileSync('artifacts/' + path, Buffer.alloc(size));\n  }\n}\n",
};

/** A case in which some files pass a limit: the others arrive, and each that does not is named with the reason. */
function limitCase(definition: {
  name: string;
  title: string;
  sizes: Record<string, number>;
  limits: NonNullable<ExecutionRequestInput['limits']>;
  reason: ArtifactOmissionReason;
  /** How many files arrive. */
  arriving: number;
  /** Files that must be among those that are left behind. */
  left: readonly string[];
}): ConformanceCase[] {
  const { name, title, sizes, limits, reason, arriving, left } = definition;
  return inOneLanguage({
    id: `artifacts/${name}`,
    title,
    requires: ['artifacts'],
    programs: FILL,
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, arguments: { sizes }, limits });
      expectStatus(result, 'completed');
      const { files, omitted, complete } = result.artifacts;
      const paths = files.map(({ path }) => path);
      expectEqual([files.length, complete], [arriving, false], 'number of artifacts, and complete');
      expectTrue(
        files.every(({ path, sizeBytes, content }) => sizeBytes === sizes[path] && content.byteLength === sizeBytes),
        'sizes',
        files,
      );
      expectTrue(omitted.length > 0 && omitted.every((one) => one.reason === reason), 'reasons of the omitted', omitted, reason);
      // A folder may stand for what lies in it.
      const isNamed = (path: string) => omitted.some((one) => path === one.path || path.startsWith(`${one.path}/`));
      expectTrue(
        Object.keys(sizes).every((path) => paths.includes(path) !== isNamed(path)),
        'each file arrived or is omitted',
        omitted,
      );
      expectTrue(left.every(isNamed), 'files that are left behind', omitted, left);
    },
  });
}

/** A limit on artifacts loses what is beyond it and nothing else. */
export const artifactLimitCases: readonly ConformanceCase[] = [
  limitCase({
    name: 'count-limit',
    title: 'brings back as many files as allowed and names the others',
    sizes: { 'a.txt': 1, 'b.txt': 2, 'c.txt': 3, 'd.txt': 4 },
    limits: { artifactCount: 2 },
    reason: 'count-limit',
    arriving: 2,
    left: [],
  }),
  limitCase({
    name: 'no-artifacts-wanted',
    title: 'brings back nothing when the limit of the count is 0, and says so',
    sizes: { 'a.txt': 1 },
    limits: { artifactCount: 0 },
    reason: 'count-limit',
    arriving: 0,
    left: ['a.txt'],
  }),
  limitCase({
    name: 'size-limit',
    title: 'leaves a file that is too large behind and brings back the others',
    sizes: { 'a.bin': 1000, 'large.bin': 1001, 'z.bin': 10 },
    limits: { artifactBytes: 1000 },
    reason: 'size-limit',
    arriving: 2,
    left: ['large.bin'],
  }),
  limitCase({
    name: 'total-limit',
    title: 'keeps the limit of all files together',
    sizes: { 'a.bin': 800, 'b.bin': 800, 'c.bin': 800 },
    limits: { artifactTotalBytes: 1700 },
    reason: 'total-size-limit',
    arriving: 2,
    left: [],
  }),
  limitCase({
    name: 'depth-limit',
    title: 'goes as deep as allowed and names what lies deeper',
    sizes: { 'top.txt': 1, 'a/second.txt': 2, 'a/b/third.txt': 3 },
    limits: { artifactDepth: 2 },
    reason: 'depth-limit',
    arriving: 2,
    left: ['a/b/third.txt'],
  }),
].flat();
