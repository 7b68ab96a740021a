import { z } from 'zod';
import { readGuestProgram } from '../execution/guest-program.ts';
import type { SandboxMachine } from '../execution/sandbox-machine.ts';
import { runProcess } from './run-process.ts';

/** Something in a source that the service refuses. */
export type Finding = readonly [line: number, issue: string];

const ANALYSIS_MS = 10_000;
const findingsSchema = z.array(z.tuple([z.number(), z.string()]));

/** What is looked for in the text of JavaScript, comments and strings included. */
const javascriptPatterns: readonly (readonly [RegExp, string])[] = [
  [/require\s*\(\s*['"`]child_process['"`]\s*\)/g, 'Require: child_process'],
  [/require\s*\(\s*['"`]fs['"`]\s*\)/g, 'Require: fs'],
  [/require\s*\(\s*['"`]worker_threads['"`]\s*\)/g, 'Require: worker_threads'],
  [/\beval\s*\(/g, 'Call: eval'],
  [/\bFunction\s*\(/g, 'Call: Function'],
  [/\bprocess\.binding\s*\(/g, 'Call: process.binding'],
];

/** The findings in a source of JavaScript. */
export function analyzeJavaScript(code: string): Finding[] {
  return javascriptPatterns.flatMap(([pattern, issue]) =>
    [...code.matchAll(pattern)].map((match): Finding => [code.slice(0, match.index).split('\n').length, issue]),
  );
}

/** The findings in a source of Python, by Python's own parser. */
export async function analyzePython(
  machine: SandboxMachine,
  environment: Readonly<Record<string, string>>,
  code: string,
): Promise<Finding[]> {
  const { stdout } = await runProcess(machine, {
    argv: [machine.interpreters.pythonPath, '-I', '-S', '-c', readGuestProgram('ragflow_analyzer.py')],
    workingFolder: environment['HOME'] ?? '/',
    environment,
    input: Buffer.from(code),
    timeoutMs: ANALYSIS_MS,
  });
  return findingsSchema.parse(JSON.parse(stdout.toString('utf8')));
}
