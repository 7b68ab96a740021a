import type { SandboxProvider } from '../provider.ts';
import { sandboxOptionsOf } from '../request-check.ts';
import type { CallOptions } from '../sandbox.ts';
import type { ExecutionRequest } from './execution-request.ts';
import type { ExecutionResult } from './execution-result.ts';

/**
 * Runs a program in a sandbox of its own, which is destroyed with it, whatever came of it.
 *
 * @throws SandboxError what `createSandbox`, `execute` and `destroy` throw.
 */
export async function executeOnce(
  provider: SandboxProvider,
  request: ExecutionRequest,
  { signal }: CallOptions = {},
): Promise<ExecutionResult> {
  const sandbox = await provider.createSandbox(sandboxOptionsOf(request), { signal });
  try {
    return await sandbox.execute(request, { signal });
  } finally {
    await sandbox.destroy();
  }
}
