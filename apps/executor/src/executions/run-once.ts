import { sandboxOptionsOf, type ExecutionRequest, type ExecutionResult, type SandboxProvider } from '@sandport/core';

/** Runs a program in a sandbox of its own, which ends with it. */
export async function runOnce(provider: SandboxProvider, request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionResult> {
  const sandbox = await provider.createSandbox(sandboxOptionsOf(request), { signal });
  try {
    return await sandbox.execute(request, { signal });
  } finally {
    await sandbox.destroy();
  }
}
