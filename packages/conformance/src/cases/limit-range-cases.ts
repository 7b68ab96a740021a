import { EXECUTION_LIMIT_RANGES, REQUEST_LIMITS, SANDBOX_LIMIT_RANGES, type ExecutionResult, type SandboxLimits } from '@sandport/core';
import type { CapabilityName } from '../capability-name.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage, withoutProgram } from '../define-case.ts';
import { expectEqual, expectRefusal, expectStatus, expectTrue, expectValue } from '../expectations.ts';

/** A case in which values outside the range of a limit of the sandbox are refused. */
function sandboxRangeCase(limit: keyof SandboxLimits, capability: CapabilityName, what: string): ConformanceCase[] {
  return withoutProgram({
    id: `limits/${capability.slice('limits.'.length).replace('openFiles', 'open-files')}-range`,
    title: `refuses a limit of ${what} outside the range`,
    requires: [capability],
    async run(context) {
      const { language } = context;
      const { min, max } = SANDBOX_LIMIT_RANGES[limit];
      const maximum = context.capabilities.maxima[limit] ?? max;
      const broken = limit === 'cpus' ? [] : [min + 0.5];
      for (const value of [0, -1, min / 2, Number.NaN, Number.POSITIVE_INFINITY, maximum + 1, ...broken]) {
        await expectRefusal(context.createSandbox({ language, limits: { [limit]: value } }), 'REQUEST_INVALID', `limits.${limit}`);
      }
    },
  });
}

/** A case in which a value above the operator's maximum of a limit of a call is refused. */
function maximumCase(limit: 'outputBytes' | 'artifactCount' | 'artifactTotalBytes', name: string, what: string): ConformanceCase[] {
  return inOneLanguage({
    id: `limits/${name}-maximum`,
    title: `refuses a limit of ${what} above the declared maximum, and takes the maximum itself`,
    programs: { python: 'def main():\n    return "ran"\n', javascript: "const main = () => 'ran';\n" },
    async run(context, { code, language }) {
      const maximum = context.capabilities.maxima[limit] ?? EXECUTION_LIMIT_RANGES[limit].max;
      const sandbox = await context.createSandbox({ language });
      const above = sandbox.execute({ code, language, limits: { [limit]: maximum + 1 } });
      await expectRefusal(above, 'REQUEST_INVALID', `limits.${limit}`);
      expectValue(await sandbox.execute({ code, language, limits: { [limit]: maximum } }, { signal: context.signal }), 'ran');
    },
  });
}

const openFilesCases = [
  inEachLanguage({
    id: 'limits/open-files',
    title: 'lets the program see that it may not open one file more, and open as many as the limit says',
    requires: ['limits.openFiles'],
    programs: {
      python:
        'import errno\ndef main():\n    files = []\n    try:\n        for n in range(5000):\n            files.append(open("file", "w"))\n' +
        '    except OSError as error:\n        return [errno.errorcode[error.errno], len(files)]\n    return [None, len(files)]\n',
      javascript:
        "const fs = require('node:fs');\nfunction main() {\n  let count = 0;\n  try {\n    for (; count < 5000; count += 1) fs.openSync('file', 'w');\n" +
        '  } catch (error) {\n    return [error.code, count];\n  }\n  return [null, count];\n}\n',
      ecmascript: null,
    },
    async run(context, { code, language }) {
      const openFiles = 200;
      const result = await context.execute({ code, language, limits: { openFiles } });
      expectStatus(result, 'completed');
      const [problem, count] = Array.isArray(result.value) ? result.value : [];
      expectEqual(problem, 'EMFILE', 'error that the program met');
      const isNear = typeof count === 'number' && count < openFiles && count > openFiles / 2;
      expectTrue(isNear, 'files that were open', count, `below ${openFiles}, by no more than a runtime itself needs`);
    },
  }),
  inOneLanguage({
    id: 'limits/open-files-uncaught',
    title: 'calls a program failed that did not expect to meet its limit of open files',
    requires: ['limits.openFiles'],
    programs: {
      python: 'files = [open("file", "w") for _ in range(5000)]\n',
      javascript: "for (let n = 0; n < 5000; n += 1) require('node:fs').openSync('file', 'w');\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, limits: { openFiles: 200 } });
      expectStatus(result, 'failed');
      expectEqual(result.error.type, language === 'python' ? 'OSError' : 'Error', 'type of the error');
    },
  }),
];

const processorCases = [
  inOneLanguage({
    id: 'limits/cpus',
    title: 'runs a program to its end with a fraction of a processor',
    requires: ['limits.cpus'],
    programs: {
      python: 'def main():\n    return sum(range(300000))\n',
      javascript: 'function main() {\n  let sum = 0;\n  for (let n = 0; n < 300000; n += 1) sum += n;\n  return sum;\n}\n',
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, limits: { cpus: 0.5, timeoutMs: 20_000 } });
      expectValue(result, 44_999_850_000);
      expectWellFormedLimits(result);
    },
  }),
];

const evidenceCases = [
  inEachLanguage({
    id: 'limits/evidence-of-processes',
    title: 'names a limit that was met and ended nothing only in the form of the contract, and draws no verdict from it',
    requires: ['limits.processes', 'subprocesses'],
    programs: {
      python:
        'import os, signal\ndef main():\n    children = []\n    try:\n        for _ in range(200):\n            child = os.fork()\n' +
        '            if child == 0:\n                signal.pause()\n            children.append(child)\n    except OSError:\n        return "refused"\n' +
        '    finally:\n        for child in children:\n            os.kill(child, 9)\n',
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, limits: { processes: 40 } });
      expectValue(result, 'refused');
      expectWellFormedLimits(result);
    },
  }),
];

const waitCases = [
  withoutProgram({
    id: 'requests/max-wait',
    title: 'refuses a longest wait that is none',
    async run(context) {
      const { language } = context;
      for (const maxWaitMs of [-1, 0.5, Number.NaN, REQUEST_LIMITS.maxWaitMs + 1]) {
        await expectRefusal(context.createSandbox({ language, maxWaitMs }), 'REQUEST_INVALID', 'maxWaitMs');
        const sandbox = await context.createSandbox({ language });
        await expectRefusal(sandbox.execute({ code: '', language, maxWaitMs }), 'REQUEST_INVALID', 'maxWaitMs');
      }
      expectStatus(await context.execute({ code: '', language, maxWaitMs: 20_000 }), 'completed');
    },
  }),
  withoutProgram({
    id: 'requests/stdin',
    title: 'refuses standard input that is no text, no bytes and no stream, or too large to be given as a whole',
    requires: ['stdin'],
    async run(context) {
      const { language } = context;
      const sandbox = await context.createSandbox({ language });
      for (const stdin of [42, null, {}, ['text'], new Uint8Array(REQUEST_LIMITS.stdinBytes + 1)]) {
        const request = { code: '', language, stdin: stdin as unknown as string };
        await expectRefusal(sandbox.execute(request), 'REQUEST_INVALID', 'stdin');
      }
    },
  }),
];

/** Ranges and maxima of limits, and the limits of processors and open files. */
export const limitRangeCases: readonly ConformanceCase[] = [
  sandboxRangeCase('processes', 'limits.processes', 'processes'),
  sandboxRangeCase('diskBytes', 'limits.disk', 'the work folder'),
  sandboxRangeCase('cpus', 'limits.cpus', 'processors'),
  sandboxRangeCase('openFiles', 'limits.openFiles', 'open files'),
  maximumCase('outputBytes', 'output', 'output'),
  maximumCase('artifactCount', 'artifact-count', 'the number of artifacts'),
  maximumCase('artifactTotalBytes', 'artifact-total', 'all artifacts together'),
  ...openFilesCases,
  ...processorCases,
  ...evidenceCases,
].flat();

/** What of a request concerns its wait and its input. */
export const waitAndInputRequestCases: readonly ConformanceCase[] = waitCases.flat();

const SOURCES = ['cgroup-v1-pids-events', 'cgroup-v2-pids-events', 'cgroup-v1-cpu-stat', 'cgroup-v2-cpu-stat', 'file-system'];

function expectWellFormedLimits({ evidence }: ExecutionResult): void {
  for (const one of evidence) {
    if (one.kind !== 'limit') continue;
    expectTrue(['processes', 'disk', 'cpus'].includes(one.limit) && SOURCES.includes(one.source), 'evidence of a limit', one);
    expectTrue(one.count === null || one.count > 0, 'count in the evidence of a limit', one.count, 'null or more than 0');
  }
}
