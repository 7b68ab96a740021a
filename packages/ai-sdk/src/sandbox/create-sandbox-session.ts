import type { CallOptions, Sandbox } from '@sandport/core';
import { withAbortReason } from './abort-reason.ts';
import { describeSession } from './describe-session.ts';
import { OwnedSession, type SandboxSession } from './owned-session.ts';
import { FIND_PLACE } from './program/session-program.ts';
import { checkSessionOptions, type CheckedSessionOptions, type SandboxSessionOptions } from './session-options.ts';
import { SessionPrograms } from './session-programs.ts';

/**
 * Makes a sandbox and puts it behind the AI SDK's interface for sandboxes: for `experimental_sandbox` of its functions, and for its harnesses. End it with `stop`, or
 * with `await using`.
 *
 * On a provider that runs no commands it has files only, and `run` and `spawn` are refused.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` for an option that is wrong, and what making a sandbox throws.
 */
export function createSandboxSession(options: SandboxSessionOptions, { signal }: CallOptions = {}): Promise<SandboxSession> {
  const checked = checkSessionOptions(options);
  return withAbortReason(signal, async () => {
    const sandbox = await checked.runner.createSandbox(checked.sandbox, { signal });
    try {
      return await sessionOf(sandbox, checked, signal);
    } catch (error) {
      await sandbox.destroy();
      throw error;
    }
  });
}

async function sessionOf(sandbox: Sandbox, options: CheckedSessionOptions, signal: AbortSignal | undefined): Promise<SandboxSession> {
  const programs = new SessionPrograms(sandbox, options);
  const place = programs.areThere ? await programs.ask(FIND_PLACE, 'createSandboxSession', signal) : undefined;
  return new OwnedSession({ sandbox, programs, description: describeSession(options, place), workFolder: place?.workFolder });
}
