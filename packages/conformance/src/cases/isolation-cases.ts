import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { backgroundProcessCases } from './background-process-cases.ts';
import { boundaryCases } from './boundary-cases.ts';

const privilegeCases = [
  inEachLanguage({
    id: 'isolation/not-root',
    title: 'runs the program as somebody who is not root',
    programs: {
      python:
        'import os\ndef main():\n    return 0 in [getattr(os, name)() for name in ("getuid", "geteuid", "getgid", "getegid") if hasattr(os, name)]\n',
      javascript: 'const main = () => [process.getuid(), process.geteuid(), process.getgid(), process.getegid()].includes(0);\n',
    },
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language }), false);
    },
  }),
  inOneLanguage({
    id: 'isolation/no-capabilities',
    title: 'leaves the program no capability of the kernel',
    programs: {
      python:
        'import os\ndef main():\n    if not os.path.exists("/proc/self/status"):\n        return [0, 0, 0]\n' +
        '    fields = dict(line.partition(":")[::2] for line in open("/proc/self/status"))\n' +
        '    return [int(fields[name], 16) for name in ("CapInh", "CapPrm", "CapEff")]\n',
      javascript:
        "const { readFileSync } = require('node:fs');\nfunction main() {\n  const status = readFileSync('/proc/self/status', 'utf8');\n" +
        "  return ['CapInh', 'CapPrm', 'CapEff'].map((name) => parseInt(status.split(name + ':')[1], 16));\n}\n",
    },
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language }), [0, 0, 0]);
    },
  }),
  inOneLanguage({
    id: 'isolation/read-only-root',
    title: 'lets the program write nothing of the file system that it runs on',
    programs: {
      python:
        'import os\ndef main(folders, name):\n    written = []\n    for folder in folders:\n        path = os.path.join(folder, name)\n' +
        '        try:\n            open(path, "x").close()\n            os.unlink(path)\n            written.append(folder)\n' +
        '        except OSError:\n            pass\n    return written\n',
      javascript:
        "const fs = require('node:fs');\nfunction main({ folders, name }) {\n  return folders.filter((folder) => {\n    try {\n" +
        "      fs.writeFileSync(folder + '/' + name, '', { flag: 'wx' });\n      fs.unlinkSync(folder + '/' + name);\n      return true;\n" +
        '    } catch {\n      return false;\n    }\n  });\n}\n',
    },
    async run(context, { code, language }) {
      const folders = ['/', '/etc', '/usr', '/usr/bin', '/usr/local', '/usr/lib', '/opt', '/var', '/root', '/home'];
      const name = `conformance-${crypto.randomUUID()}`;
      expectValue(await context.execute({ code, language, arguments: { folders, name } }), []);
    },
  }),
];

/** A case in which one call leaves a file and the next must not find it. */
function freshFolderCase(name: string, title: string, folders: readonly string[]): ConformanceCase[] {
  return inOneLanguage({
    id: `isolation/${name}`,
    title,
    programs: {
      python:
        'import os\ndef main(paths):\n    found = []\n    for path in paths:\n        try:\n            if os.path.exists(path):\n' +
        '                os.unlink(path)\n                found.append(path)\n            else:\n                open(path, "w").write("left")\n' +
        '        except OSError:\n            pass\n    return found\n',
      javascript:
        "const fs = require('node:fs');\nfunction main({ paths }) {\n  return paths.filter((path) => {\n    try {\n" +
        "      if (!fs.existsSync(path)) {\n        fs.writeFileSync(path, 'left');\n        return false;\n      }\n" +
        '      fs.unlinkSync(path);\n      return true;\n    } catch {\n      return false;\n    }\n  });\n}\n',
    },
    async run(context, { code, language }) {
      const paths = folders.map((folder) => `${folder}/left-${crypto.randomUUID()}`);
      const request = { code, language, arguments: { paths } };
      expectValue(await context.execute(request), []);
      expectValue(await context.execute(request), []);
    },
  });
}

const measuredCase = inOneLanguage({
  id: 'isolation/as-measured',
  title: 'names the same isolation in results as a look at its health measured',
  programs: { python: 'print(1)\n', javascript: 'console.log(1);\n' },
  async run(context, { code, language }) {
    const { isolation } = await context.provider.checkHealth({ signal: context.signal });
    const result = await context.execute({ code, language });
    expectStatus(result, 'completed');
    expectEqual(result.isolation.kind, isolation?.kind, 'isolation of the result');
    const evidence = result.evidence.filter((one) => one.kind === 'isolation').map((one) => one.isolation);
    expectTrue(
      evidence.every((kind) => kind === isolation?.kind),
      'isolation in the evidence',
      evidence,
      isolation?.kind,
    );
  },
});

/** The program reaches nothing but its own sandbox. */
export const isolationCases: readonly ConformanceCase[] = [
  ...privilegeCases,
  freshFolderCase('fresh-work-folder', 'shows a call nothing of a former call in the work folder', ['.']),
  freshFolderCase('fresh-shared-folders', 'shows a call nothing of a former call in folders for temporary files', [
    '/tmp',
    '/var/tmp',
    '/dev/shm',
  ]),
  measuredCase,
  boundaryCases,
  backgroundProcessCases,
].flat();
