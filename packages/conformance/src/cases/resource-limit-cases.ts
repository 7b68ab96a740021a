import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectEvidence, expectStatus, expectTrue, expectValue } from '../expectations.ts';

const MEBIBYTE = 1024 * 1024;

/** What happens at the limits of the sandbox itself. */
export const resourceLimitCases: readonly ConformanceCase[] = [
  inEachLanguage({
    id: 'limits/memory',
    title: 'says out-of-memory, with the fact that proves it, when the kernel ended the program for memory',
    requires: ['limits.memory'],
    programs: {
      python: 'print("begun", flush=True)\nkept = []\nwhile True:\n    kept.append(b"x" * 8388608)\n',
      javascript: "require('node:fs').writeSync(1, 'begun\\n');\nconst kept = [];\nfor (;;) kept.push(Buffer.alloc(8388608, 1));\n",
    },
    async run(context, { code, language }) {
      const memoryBytes = 128 * MEBIBYTE;
      const result = await context.execute({ code, language, limits: { memoryBytes, timeoutMs: 15_000 } });
      expectStatus(result, 'out-of-memory');
      expectEqual(result.stdout, 'begun\n', 'stdout');
      const { limitBytes, kills } = expectEvidence(result, 'out-of-memory');
      expectTrue(limitBytes === null || limitBytes === memoryBytes, 'limit in the evidence', limitBytes, memoryBytes);
      expectTrue(kills === null || kills > 0, 'kills in the evidence', kills, 'null or more than 0');
    },
  }),
  inEachLanguage({
    id: 'limits/memory-enough',
    title: 'lets a program use memory below its limit',
    requires: ['limits.memory'],
    programs: {
      python: 'def main():\n    return len(b"x" * 33554432)\n',
      javascript: 'const main = () => Buffer.alloc(33554432, 1).length;\n',
    },
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language, limits: { memoryBytes: 128 * MEBIBYTE } }), 33_554_432);
    },
  }),
  inEachLanguage({
    id: 'limits/processes',
    title: 'bounds a program that forks without end, and works on',
    requires: ['limits.processes', 'subprocesses'],
    programs: {
      python: 'import os\nprint("begun", flush=True)\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n',
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, limits: { processes: 32, timeoutMs: 1500 } });
      expectTrue(result.status !== 'completed', 'status', result.status, 'not completed');
      expectValue(await context.execute({ code: 'def main():\n    return "alive"\n', language }), 'alive');
    },
  }),
  inEachLanguage({
    id: 'limits/processes-refused',
    title: 'lets the program see that it may not start one process more',
    requires: ['limits.processes', 'subprocesses'],
    programs: {
      python:
        'import os, signal\ndef main():\n    children = []\n    try:\n        for _ in range(200):\n            child = os.fork()\n' +
        '            if child == 0:\n                signal.pause()\n            children.append(child)\n    except OSError as error:\n' +
        '        return [type(error).__name__, len(children) < 40]\n    finally:\n        for child in children:\n            os.kill(child, 9)\n',
    },
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language, limits: { processes: 40 } }), ['BlockingIOError', true]);
    },
  }),
  inEachLanguage({
    id: 'limits/disk',
    title: 'lets the program see that the work folder is full, and leaves its neighbours room',
    requires: ['limits.disk'],
    programs: {
      python:
        'import errno\ndef main(mebibytes):\n    written = 0\n    try:\n        with open("filling", "wb") as filling:\n' +
        '            for _ in range(mebibytes):\n                filling.write(bytes(1048576))\n                filling.flush()\n' +
        '                written += 1\n    except OSError as error:\n        return [errno.errorcode[error.errno], written < mebibytes]\n    return written\n',
      javascript:
        "const fs = require('node:fs');\nfunction main({ mebibytes }) {\n  let written = 0;\n  try {\n" +
        "    const filling = fs.openSync('filling', 'w');\n    for (; written < mebibytes; written += 1) {\n" +
        '      for (let at = 0; at < 1048576; ) at += fs.writeSync(filling, Buffer.alloc(1048576 - at));\n    }\n' +
        '  } catch (error) {\n    return [error.code, written < mebibytes];\n  }\n  return written;\n}\n',
      ecmascript:
        'function main({ mebibytes }) {\n  let written = 0;\n  try {\n    for (; written < mebibytes; written += 1) ' +
        "sandbox.files.append('filling', new Uint8Array(1048576));\n" +
        '  } catch (error) {\n    return [error.code, written < mebibytes];\n  }\n  return written;\n}\n',
    },
    async run(context, { code, language }) {
      const limits = { diskBytes: 8 * MEBIBYTE };
      const full = await context.execute({ code, language, arguments: { mebibytes: 24 }, limits });
      expectStatus(full, 'completed');
      const [problem, bounded] = Array.isArray(full.value) ? full.value : [full.value];
      expectTrue(problem === 'ENOSPC' || problem === 'EDQUOT', 'error that the program met', problem, 'ENOSPC or EDQUOT');
      expectEqual(bounded, true, 'fewer bytes were written than were tried');
      expectValue(await context.execute({ code, language, arguments: { mebibytes: 4 }, limits }), 4);
    },
  }),
  inOneLanguage({
    id: 'limits/neighbour-memory',
    title: 'leaves a neighbour alone when one program runs out of memory',
    requires: ['limits.memory'],
    programs: {
      python: 'kept = []\nwhile True:\n    kept.append(b"x" * 8388608)\n',
      javascript: 'const kept = [];\nfor (;;) kept.push(Buffer.alloc(8388608, 1));\n',
    },
    async run(context, { code, language }) {
      const quiet = {
        python: 'import time\ndef main():\n    time.sleep(1)\n    return "quiet"\n',
        javascript: 'const main = () => new Promise((done) => setTimeout(done, 1000, "quiet"));\n',
      };
      const [hungry, neighbour] = await Promise.all([
        context.execute({ code, language, limits: { memoryBytes: 128 * MEBIBYTE, timeoutMs: 15_000 } }),
        context.execute({ code: quiet[language], language }),
      ]);
      expectStatus(hungry, 'out-of-memory');
      expectValue(neighbour, 'quiet');
    },
  }),
].flat();
