import { randomUUID } from 'node:crypto';
import { SandboxError, type CallOptions, type Sandbox } from '@sandport/core';

/** What a look at a sandbox showed. `unreachable`: nobody knows. */
export type ProbeFinding = 'alive' | 'over' | 'unreachable';

/**
 * Looks whether a sandbox lives, by asking for a file that no program can have foreseen. Where files are not supported it is taken for alive.
 *
 * @throws SandboxError `CANCELLED`.
 */
export async function probeSandbox(sandbox: Sandbox, call: CallOptions): Promise<ProbeFinding> {
  try {
    await sandbox.readFile(`.probe-${randomUUID()}`, call);
    return 'alive';
  } catch (error) {
    if (!SandboxError.isInstance(error)) return 'unreachable';
    if (error.code === 'CANCELLED') throw error;
    if (error.code === 'SANDBOX_CLOSED') return 'over';
    return error.code === 'FILE_NOT_FOUND' || error.code === 'CAPABILITY_UNSUPPORTED' ? 'alive' : 'unreachable';
  }
}
