import {
  SandboxError,
  sandboxOptionsOf,
  type CallOptions,
  type ExecutionRequest,
  type ExecutionResult,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import type { StartNotice } from '../idempotency/keyed-call.ts';
import type { WarningListener } from '../warning-listener.ts';
import type { CallProgress } from './candidate-walk.ts';
import { wasNotStarted } from './failure-rules.ts';

/** A program that is to be run once, on whichever provider takes it. */
export interface ProgramRunOptions extends CallOptions {
  readonly request: ExecutionRequest;
  /** Told just before each moment at which the program may start. */
  readonly started: StartNotice | undefined;
  readonly warn: WarningListener;
}

/** Runs a program in a sandbox of its own, which is destroyed on every path. */
export async function runProgram(provider: SandboxProvider, options: ProgramRunOptions, progress: CallProgress): Promise<ExecutionResult> {
  const { request, signal, warn } = options;
  const sandboxOptions = sandboxOptionsOf(request);
  const maxWaitMs = remainingWait(request.maxWaitMs, progress.elapsedMs);
  const sandbox = await provider.createSandbox({ ...sandboxOptions, maxWaitMs }, { signal });
  try {
    return await start(sandbox, options, progress);
  } finally {
    await destroy(provider, sandbox, warn);
  }
}

/** Other providers were asked before: what the call waited there, it need not wait here again. */
export function remainingWait(maxWaitMs: number | undefined, elapsedMs: number): number | undefined {
  return maxWaitMs === undefined ? undefined : Math.max(0, Math.floor(maxWaitMs - elapsedMs));
}

async function start(sandbox: Sandbox, options: ProgramRunOptions, progress: CallProgress): Promise<ExecutionResult> {
  const { request, signal, started } = options;
  const takeBack = started?.();
  progress.mayHaveStarted = true;
  try {
    return await sandbox.execute(request, { signal });
  } catch (error) {
    if (wasNotStarted(error, request.stdin)) takeBack?.();
    throw error;
  }
}

/** Without the caller's signal: what was created is ended also when the call was withdrawn. */
async function destroy(provider: SandboxProvider, sandbox: Sandbox, warn: WarningListener): Promise<void> {
  try {
    await sandbox.destroy();
  } catch (error) {
    warn(
      new SandboxError('PROVIDER_UNAVAILABLE', `The sandbox "${sandbox.id}" of "${provider.id}" could not be destroyed.`, {
        providerId: provider.id,
        operation: 'destroySandbox',
        suggestion: 'It may go on running on the far side; look there, and at `sandport doctor`.',
        cause: error,
      }),
    );
  }
}
