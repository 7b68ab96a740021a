import {
  EXECUTION_LIMIT_RANGES,
  LANGUAGES,
  type Evidence,
  type ExecutionRequestInput,
  type ExecutionStatus,
  type Language,
  type Passport,
  type ProviderCapabilities,
} from '@sandport/core';

const MEBIBYTE = 1024 * 1024;

/** Milliseconds for programs that are to meet another limit than that of time. */
const AMPLE_MS = 30_000;

/** Enough for an interpreter that has loaded the usual libraries before any program begins, and soon filled. */
const MEMORY_BYTES = 256 * MEBIBYTE;

/** Few: where a copy of such an interpreter costs 25 MiB, more would meet the limit of memory first. */
const PROCESSES = 12;

/** How a limit is tried. */
export interface LimitTrial {
  readonly limit: Passport['limits'][number]['limit'];
  /** The value that is asked for; `undefined` when the provider does not declare the limit. */
  readonly valueFor: (capabilities: ProviderCapabilities) => number | undefined;
  readonly limitsFor: (value: number) => NonNullable<ExecutionRequestInput['limits']>;
  /** A program that breaks the limit. Where a limit refuses rather than ends, its `main` returns whether it was refused. */
  readonly programs: { readonly [Name in Language]?: string } & { readonly ecmascript?: string };
  /** The status that proves it, with the evidence that it must rest on; `null` for a limit that refuses. */
  readonly proof: { readonly status: ExecutionStatus; readonly evidence: Evidence['kind'] } | null;
}

const bounded = (value: number, maximum: number | undefined) => Math.min(value, maximum ?? value);

/** The limits that are tried, in the order of a passport. */
export const LIMIT_TRIALS: readonly LimitTrial[] = [
  {
    limit: 'time',
    valueFor: ({ maxima }) => bounded(1000, maxima.timeoutMs),
    limitsFor: (timeoutMs) => ({ timeoutMs }),
    programs: { python: 'while True:\n    pass\n', javascript: 'for (;;);\n' },
    proof: { status: 'timed-out', evidence: 'timer' },
  },
  {
    limit: 'memory',
    valueFor: ({ limits, maxima }) => (limits.memory ? bounded(MEMORY_BYTES, maxima.memoryBytes) : undefined),
    limitsFor: (memoryBytes) => ({ memoryBytes }),
    programs: {
      python: 'kept = []\nwhile True:\n    kept.append(b"x" * 8388608)\n',
      javascript: 'const kept = [];\nfor (;;) kept.push(new Uint8Array(8388608).fill(1));\n',
    },
    proof: { status: 'out-of-memory', evidence: 'out-of-memory' },
  },
  {
    limit: 'output',
    valueFor: ({ maxima }) => bounded(64 * 1024, maxima.outputBytes ?? EXECUTION_LIMIT_RANGES.outputBytes.max),
    limitsFor: (outputBytes) => ({ outputBytes }),
    programs: {
      python: 'import time\nfor _ in range(2000):\n    print("x" * 1000)\ntime.sleep(20)\n',
      javascript: "for (let n = 0; n < 2000; n += 1) console.log('x'.repeat(1000));\nsetTimeout(() => {}, 20000);\n",
    },
    proof: { status: 'output-limit-exceeded', evidence: 'output-limit' },
  },
  {
    limit: 'disk',
    valueFor: ({ limits, maxima }) => (limits.disk ? bounded(8 * MEBIBYTE, maxima.diskBytes) : undefined),
    limitsFor: (diskBytes) => ({ diskBytes }),
    programs: {
      python:
        'import errno\ndef main():\n    try:\n        with open("filling", "wb") as filling:\n            for _ in range(24):\n' +
        '                filling.write(bytes(1048576))\n                filling.flush()\n' +
        '    except OSError as error:\n        return error.errno in (errno.ENOSPC, errno.EDQUOT)\n    return False\n',
      javascript:
        "const fs = require('node:fs');\nfunction main() {\n  try {\n    const filling = fs.openSync('filling', 'w');\n" +
        '    for (let written = 0; written < 25165824; ) written += fs.writeSync(filling, Buffer.alloc(1048576));\n' +
        "  } catch (error) {\n    return ['ENOSPC', 'EDQUOT'].includes(error.code);\n  }\n  return false;\n}\n",
      ecmascript:
        'function main() {\n  try {\n' +
        "    for (let written = 0; written < 24; written += 1) sandbox.files.append('filling', new Uint8Array(1048576));\n" +
        "  } catch (error) {\n    return ['ENOSPC', 'EDQUOT'].includes(error.code);\n  }\n  return false;\n}\n",
    },
    proof: null,
  },
  {
    limit: 'processes',
    valueFor: ({ limits, maxima, subprocesses }) => (limits.processes && subprocesses ? bounded(PROCESSES, maxima.processes) : undefined),
    limitsFor: (processes) => ({ processes }),
    // JavaScript has no fork, and two hundred interpreters would be a trial of the machine: where only JavaScript runs, this limit is not tried.
    programs: {
      python:
        'import os, signal\ndef main():\n    children = []\n    try:\n        for _ in range(200):\n            child = os.fork()\n' +
        '            if child == 0:\n                signal.pause()\n            children.append(child)\n    except BlockingIOError:\n' +
        '        return True\n    finally:\n        for child in children:\n            os.kill(child, 9)\n    return False\n',
    },
    proof: null,
  },
];

/** The limits of the request in which a limit is tried. */
export function requestLimits(
  { limit, limitsFor }: LimitTrial,
  value: number,
  { maxima }: ProviderCapabilities,
): ExecutionRequestInput['limits'] {
  return limit === 'time' ? limitsFor(value) : { timeoutMs: bounded(AMPLE_MS, maxima.timeoutMs), ...limitsFor(value) };
}

/** The program of a trial in one of these languages: Python where it is among them, for which every trial has one. */
export function programOf(
  { programs }: LimitTrial,
  languages: readonly Language[],
  { javascriptRuntime }: ProviderCapabilities,
): { readonly language: Language; readonly code: string } | undefined {
  for (const language of LANGUAGES.filter((name) => languages.includes(name))) {
    const withoutNode = language === 'javascript' && javascriptRuntime === 'ecmascript' ? programs.ecmascript : undefined;
    const code = withoutNode ?? programs[language];
    if (code !== undefined) return { language, code };
  }
  return undefined;
}

/** What a limit promises with this value, as the title of a finding. */
export function describeLimit({ limit, value }: Pick<Passport['limits'][number], 'limit' | 'value'>): string {
  const mebibytes = Math.round((value / MEBIBYTE) * 100) / 100;
  switch (limit) {
    case 'time':
      return `A program that runs for more than ${value} ms is ended`;
    case 'memory':
      return `A program that takes more than ${mebibytes} MiB of memory is ended`;
    case 'output':
      return `A program that prints more than ${value} bytes is ended`;
    case 'disk':
      return `A program is refused more than ${mebibytes} MiB of disk`;
    case 'processes':
      return `A program is refused more than ${value} processes`;
  }
}
