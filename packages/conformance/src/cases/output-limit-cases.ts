import { Buffer } from 'node:buffer';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectEvidence, expectStatus, expectTrue } from '../expectations.ts';

const MEBIBYTE = 1024 * 1024;

/** Ten mebibytes of a character of three bytes, so that no limit of whole mebibytes falls between two characters. */
const flood = (stream: 'stdout' | 'stderr') => ({
  python:
    'import sys, time\n' +
    `print("calm", file=sys.${stream === 'stdout' ? 'stderr' : 'stdout'}, flush=True)\n` +
    `for _ in range(160):\n    sys.${stream}.write("漢" * 21846)\nsys.${stream}.flush()\ntime.sleep(6)\n`,
  javascript:
    `process.${stream === 'stdout' ? 'stderr' : 'stdout'}.write('calm\\n');\n` +
    `const part = '漢'.repeat(21846);\nfor (let n = 0; n < 160; n += 1) process.${stream}.write(part);\n` +
    'setTimeout(() => {}, 6000);\n',
});

/** A case in which one stream passes the limit while the program would go on for long. */
function floodCase(stream: 'stdout' | 'stderr', title: string): ConformanceCase[] {
  const define = stream === 'stdout' ? inEachLanguage : inOneLanguage;
  return define({
    id: `output/limit-${stream}`,
    title,
    programs: flood(stream),
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, limits: { outputBytes: MEBIBYTE } });
      expectStatus(result, 'output-limit-exceeded');
      const calmStream = stream === 'stdout' ? 'stderr' : 'stdout';
      expectEqual(Buffer.byteLength(result[stream]), MEBIBYTE - 1, `bytes of ${stream}: whole characters within the limit`);
      expectTrue(/^漢*$/u.test(result[stream]), `${stream} holds whole characters only`, result[stream].slice(-5));
      expectEqual(result[calmStream], 'calm\n', calmStream);
      expectEqual(result.truncated, { stdout: stream === 'stdout', stderr: stream === 'stderr' }, 'truncated');
      const { stream: named, limitBytes } = expectEvidence(result, 'output-limit');
      expectEqual({ stream: named, limitBytes }, { stream, limitBytes: MEBIBYTE }, 'evidence of the output limit');
    },
  });
}

/** A case in which a program writes a number of bytes close to a limit of 1000 and ends by itself. */
function edgeCase(name: string, title: string, bytes: number): ConformanceCase[] {
  return inOneLanguage({
    id: `output/${name}`,
    title,
    programs: {
      python: `import sys\nsys.stdout.write("x" * ${bytes})\n`,
      javascript: `process.stdout.write('x'.repeat(${bytes}));\n`,
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, limits: { outputBytes: 1000 } });
      expectStatus(result, bytes > 1000 ? 'output-limit-exceeded' : 'completed');
      expectEqual(result.stdout.length, 1000, 'length of stdout');
      expectEqual(result.truncated, { stdout: bytes > 1000, stderr: false }, 'truncated');
    },
  });
}

/** Output beyond the limit ends the program and is said; output within it arrives whole. */
export const outputLimitCases: readonly ConformanceCase[] = [
  floodCase('stdout', 'ends a program that floods stdout, and keeps what is within the limit'),
  floodCase('stderr', 'ends a program that floods stderr, and keeps what is within the limit'),
  edgeCase('limit-reached', 'takes output of exactly the limit', 1000),
  edgeCase('limit-passed', 'says so when a program that ended by itself wrote one byte too many', 1001),
  inEachLanguage({
    id: 'output/large',
    title: 'brings 10 MiB back whole under a limit of 16 MiB',
    programs: {
      python: 'import sys\nfor _ in range(160):\n    sys.stdout.write("0123456789abcdef" * 4096)\n',
      javascript: "const part = '0123456789abcdef'.repeat(4096);\nfor (let n = 0; n < 160; n += 1) process.stdout.write(part);\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language, limits: { outputBytes: 16 * MEBIBYTE } });
      expectStatus(result, 'completed');
      expectEqual(result.stdout.length, 10 * MEBIBYTE, 'length of stdout');
      expectTrue(result.stdout === '0123456789abcdef'.repeat(655_360), 'stdout is what was written');
      expectEqual(result.truncated, { stdout: false, stderr: false }, 'truncated');
    },
  }),
].flat();
