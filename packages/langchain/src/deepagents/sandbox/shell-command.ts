import { SandboxError, type CallOptions } from '@sandport/core';
import type { ExecuteResponse } from 'deepagents';
import { z } from 'zod';
import { OUTPUT_MARGIN_BYTES, type CheckedBackendOptions } from '../backend-options.ts';
import { COMMAND_PROGRAM } from '../programs/command-program.ts';
import { whyNotCompleted } from './ended-program.ts';
import type { KeptSandbox } from './kept-sandbox.ts';

/** Length of a command, in UTF-16 code units. */
const MAX_COMMAND_CHARACTERS = 100_000;

/** Most bytes that one byte of output becomes in JSON. */
const JSON_GROWTH = 6;

const endSchema = z.strictObject({
  exitCode: z.int(),
  tail: z.string(),
  omittedBytes: z.int().min(0),
  leftRunning: z.boolean(),
});

/** Says what is wrong with a command, beginning with the field's name, or nothing. */
export function commandProblem(command: unknown): string | undefined {
  if (typeof command !== 'string') return 'command: is no text';
  if (command.trim() === '') return 'command: is empty';
  if (command.length > MAX_COMMAND_CHARACTERS) return `command: has more than ${MAX_COMMAND_CHARACTERS} characters`;
  if (command.includes('\0') || !command.isWellFormed()) return 'command: has a NUL, or is not well-formed Unicode';
  return undefined;
}

/**
 * Runs a command of a shell in the sandbox's work folder, with nothing to read on stdin.
 *
 * @throws SandboxError as a sandbox does; `RESPONSE_INVALID` when the sandbox does not say how the command ended.
 */
export async function runCommand(
  sandbox: KeptSandbox,
  command: string,
  { timeoutMs, outputBytes }: CheckedBackendOptions,
  call: CallOptions,
): Promise<ExecuteResponse> {
  const result = await sandbox.execute(
    {
      code: COMMAND_PROGRAM,
      language: 'python',
      arguments: { command, limit: outputBytes },
      limits: {
        timeoutMs,
        artifactCount: 0,
        outputBytes: outputBytes + OUTPUT_MARGIN_BYTES,
        valueBytes: outputBytes * JSON_GROWTH + OUTPUT_MARGIN_BYTES,
      },
    },
    call,
  );
  const truncated = result.truncated.stdout;
  const problem = whyNotCompleted(result, timeoutMs);
  if (problem !== undefined || result.status !== 'completed') {
    return { output: joined(result.stdout, `[${problem} What it wrote at last may be missing.]`), exitCode: null, truncated };
  }
  const parsed = endSchema.safeParse(result.value);
  if (!parsed.success) {
    throw new SandboxError('RESPONSE_INVALID', 'The sandbox did not say how a command ended.', {
      operation: 'execute',
      cause: parsed.error,
    });
  }
  const { exitCode, tail, omittedBytes, leftRunning } = parsed.data;
  const cut = omittedBytes === 0 ? '' : `\n[… ${omittedBytes} bytes are left out here …]\n`;
  const output = `${result.stdout}${cut}${tail}`;
  return {
    output: leftRunning ? joined(output, '[What the command left running in the background was ended with it.]') : output,
    exitCode,
    truncated: truncated || omittedBytes > 0,
  };
}

function joined(output: string, note: string): string {
  return output === '' || output.endsWith('\n') ? `${output}${note}` : `${output}\n${note}`;
}
