import type { E2bProviderConfig } from './e2b-provider-config.ts';
import { toE2bError } from './e2b-errors.ts';
import { E2bAccount } from './sandbox/e2b-account.ts';
import type { ReapReport } from '@sandport/provider-kit';

/**
 * Deletes the sandboxes that dead processes left in the account of a configuration, for `sandport doctor --clean`. Those of processes that live, and those of other machines, stay.
 *
 * @throws SandboxError as `createSandbox`, when they cannot even be listed.
 */
export async function cleanE2bSandboxes(
  config: E2bProviderConfig,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ReapReport> {
  const account = new E2bAccount({ config });
  try {
    return await account.reap(true, signal);
  } catch (error) {
    throw toE2bError(error, 'clean up');
  }
}
