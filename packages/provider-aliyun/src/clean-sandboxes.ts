import type { AliyunProviderConfig } from './aliyun-provider-config.ts';
import { AgentRunAccount } from './sandbox/agentrun-account.ts';
import type { ReapReport } from '@sandport/provider-kit';

/**
 * Deletes the sandboxes that dead processes left in the account of a configuration, for `sandport doctor --clean`. Those of processes that live, and those of other machines whose time
 * is not over, stay.
 *
 * @throws SandboxError as `createSandbox`, when they cannot even be listed.
 */
export async function cleanAliyunSandboxes(
  config: AliyunProviderConfig,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ReapReport> {
  const account = new AgentRunAccount({ config });
  try {
    return await account.reap(true, signal);
  } catch (error) {
    throw account.toError(error, 'clean up');
  }
}
