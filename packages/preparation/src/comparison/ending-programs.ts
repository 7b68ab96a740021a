import { programsOf, type ComparisonProgram } from './comparison-program.ts';

const MEBIBYTE = 1024 * 1024;

/** Programs about errors and limits. */
export const ENDING_PROGRAMS: readonly ComparisonProgram[] = [
  ...programsOf('errors/own-class', {
    title: 'Raises an error of a class of its own, after it has printed',
    python: 'class OrderError(Exception):\n    pass\nprint("before")\ndef main():\n    raise OrderError("order 7 is not there")\n',
    javascript:
      "class OrderError extends Error {\n  name = 'OrderError';\n}\nconsole.log('before');\nconst main = () => {\n  throw new OrderError('order 7 is not there');\n};\n",
  }),
  ...programsOf('errors/syntax', {
    title: 'Is no program of its language',
    python: 'def main(:\n',
    javascript: 'const main = (;\n',
  }),
  ...programsOf('errors/exit-code', {
    title: 'Ends with the exit code 3',
    python: 'import sys\nprint("leaving")\nsys.exit(3)\n',
    javascript: "console.log('leaving');\nif (typeof sandbox === 'undefined') process.exit(3);\nelse sandbox.exit(3);\n",
  }),
  ...programsOf('errors/deep-recursion', {
    title: 'Calls itself without end, and catches what becomes of it',
    python:
      'def deeper():\n    return deeper() + 1\ndef main():\n    try:\n        return deeper()\n    except RecursionError:\n        return "stopped"\n',
    javascript:
      "const deeper = () => deeper() + 1;\nconst main = () => {\n  try {\n    return deeper();\n  } catch {\n    return 'stopped';\n  }\n};\n",
  }),
  ...programsOf('limits/time', {
    title: 'Runs without end, with two seconds to do it in',
    python: 'print("begun", flush=True)\nwhile True:\n    pass\n',
    javascript: "console.log('begun');\nfor (;;);\n",
    request: { limits: { timeoutMs: 2000 } },
  }),
  ...programsOf('limits/memory', {
    title: 'Takes more than 256 MiB of memory',
    python: 'kept = []\nwhile True:\n    kept.append(b"x" * 8388608)\n',
    javascript: 'const kept = [];\nfor (;;) kept.push(new Uint8Array(8388608).fill(1));\n',
    request: { limits: { timeoutMs: 30_000, memoryBytes: 256 * MEBIBYTE } },
  }),
  ...programsOf('limits/output', {
    title: 'Prints more than the 16 KiB that it may',
    python: 'import time\nfor number in range(2000):\n    print("x" * 99)\ntime.sleep(5)\n',
    javascript: "for (let number = 0; number < 2000; number += 1) console.log('x'.repeat(99));\nsetTimeout(() => {}, 5000);\n",
    request: { limits: { outputBytes: 16 * 1024 } },
  }),
  ...programsOf('isolation/network', {
    title: 'Tries to reach an address outside',
    python:
      'def main():\n    try:\n        import socket\n        socket.create_connection(("192.0.2.1", 80), timeout=2).close()\n        return "reached"\n    except Exception:\n        return "refused"\n',
    javascript:
      "const main = async () => {\n  if (typeof sandbox !== 'undefined') return typeof fetch === 'function' ? 'has fetch' : 'refused';\n  const socket = require('node:net').connect(80, '192.0.2.1');\n  return new Promise((resolve) => {\n    const end = (outcome) => { socket.destroy(); resolve(outcome); };\n    socket.on('connect', () => end('reached'));\n    socket.on('error', () => end('refused'));\n    socket.setTimeout(2000, () => end('refused'));\n  });\n};\n",
  }),
];
