import { describeIssue, sandboxPolicySchema, type SandboxPolicy } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { decodeText, readLocalFile, readStandardInput } from '../given-bytes.ts';
import { usageError } from '../usage-error.ts';

/** Room for every member, written widely. */
const POLICY_MAX_BYTES = 64 * 1024;

/**
 * Reads a policy from a file, or from standard input for `-`.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the member.
 */
export async function readPolicyFile(context: CliContext, file: string): Promise<SandboxPolicy> {
  const bytes = file === '-' ? await readStandardInput(context, POLICY_MAX_BYTES, 'policy') : await readLocalFile(file, POLICY_MAX_BYTES);
  const parsed = sandboxPolicySchema.safeParse(parseJson(decodeText(file, bytes)));
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'policy');
  throw usageError(`${field}: ${message}. Nothing was stored.`, '`sandport config policy set --help` lists the members.', parsed.error);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const finding = error instanceof Error ? error.message : String(error);
    throw usageError(`The policy is not valid JSON (${finding}).`, `Write an object, for example {"minimumIsolation": "gvisor"}.`, error);
  }
}
