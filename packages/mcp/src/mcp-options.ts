import type { CodeToolOptions, CodeToolOutcome } from '@sandport/agent';
import { describeIssue, SandboxError } from '@sandport/core';
import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;

/** What every session of a server is made of. */
export interface McpCodeOptions {
  /** The code tool of a session: each session has one of its own, so that nothing that is kept is shared. */
  readonly tool: CodeToolOptions;
  /** Artifacts that a session keeps for reading: the newest of these. @default 200 */
  readonly artifactCount?: number | undefined;
  /** Bytes of all artifacts that a session keeps. @default 33554432 */
  readonly artifactBytes?: number | undefined;
  /** Length of a text that one `read_artifact` gives, in UTF-16 code units. @default 20000 */
  readonly readCharacters?: number | undefined;
  /** Bytes of an image or another file that `read_artifact` gives at most. @default 1048576 */
  readonly readBytes?: number | undefined;
  /** Told of each call of the code tool, with the whole result: the model has seen the compact one. What it throws ends the call. */
  readonly onOutcome?: ((outcome: CodeToolOutcome) => void) | undefined;
}

const limitsSchema = z.object({
  artifactCount: z.int().min(1).max(10_000).default(200),
  artifactBytes: z
    .int()
    .min(0)
    .max(1024 * MEBIBYTE)
    .default(32 * MEBIBYTE),
  readCharacters: z.int().min(100).max(1_000_000).default(20_000),
  readBytes: z
    .int()
    .min(0)
    .max(64 * MEBIBYTE)
    .default(MEBIBYTE),
});

/** The numbers of {@link McpCodeOptions}, checked and completed. */
export type McpLimits = z.output<typeof limitsSchema>;

/** @throws SandboxError `REQUEST_INVALID` naming the option. */
export function checkMcpLimits(options: McpCodeOptions): McpLimits {
  const parsed = limitsSchema.safeParse(options);
  if (!parsed.success) throw refusedMcpOption(parsed.error);
  return parsed.data;
}

/** An option that is wrong where a server is made. */
export function refusedMcpOption(error: z.ZodError): SandboxError {
  const { field, message } = describeIssue(error, 'options');
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'configureMcp',
    suggestion: `Correct the option "${field}".`,
    details: { field },
    cause: error,
  });
}
