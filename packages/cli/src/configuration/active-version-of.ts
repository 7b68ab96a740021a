import { SandboxError } from '@sandport/core';
import type { ConfigurationStore } from '@sandport/settings';

/**
 * The number of the version in use.
 *
 * @throws SandboxError `CONFIG_MISSING` when there is none yet.
 */
export async function activeVersionOf(configurations: ConfigurationStore, signal: AbortSignal): Promise<number> {
  const { version } = await configurations.active({ signal });
  if (version !== null) return version;
  throw new SandboxError('CONFIG_MISSING', 'No version is in use yet.', {
    operation: 'readVersion',
    suggestion: 'Make the first one with `sandport config use PROVIDER`.',
  });
}
