import { cleanAliyunSandboxes } from '@sandport/provider-aliyun';
import { SandboxError, type SettingsStore } from '@sandport/core';
import { readAliyunConfig } from '../aliyun/stored-config.ts';
import { ALIYUN_PROVIDER_ID } from '../aliyun/provider-id.ts';
import type { CliContext } from '../cli-context.ts';
import type { SettingsLocation } from '../settings/settings-location.ts';
import { storedEngineAccess } from '../stored-engine.ts';

/** Something that a process which has ended left behind, and that was removed. */
export interface Removed {
  readonly kind: string;
  readonly name: string;
}

/** Where something that is left behind is looked for. */
export interface CleanOptions {
  readonly location: SettingsLocation;
  /** The settings that the provider comes from. */
  readonly settings: SettingsStore;
  readonly providerId: string | null;
}

/**
 * Removes what processes that have ended left behind, of providers that can leave something.
 *
 * @throws SandboxError when it cannot be looked for, `PROVIDER_UNAVAILABLE` when some of it could not be removed.
 */
export async function clean(context: CliContext, { location, settings, providerId }: CleanOptions): Promise<readonly Removed[]> {
  const { signal } = context;
  switch (providerId) {
    case 'docker':
      return context.removeLeftBehind({ ...(await storedEngineAccess(context, location)), signal });
    case ALIYUN_PROVIDER_ID:
      return cleanAliyun(context, settings);
    default:
      return [];
  }
}

async function cleanAliyun(context: CliContext, settings: SettingsStore): Promise<readonly Removed[]> {
  const { signal } = context;
  const { deleted, failed } = await cleanAliyunSandboxes(await readAliyunConfig(context, settings), { signal });
  if (failed.length === 0) return deleted.map((name) => ({ kind: 'sandbox', name }));
  throw new SandboxError(
    'PROVIDER_UNAVAILABLE',
    `${failed.length} sandboxes could not be removed: ${failed.join(', ')}. ${deleted.length} were.`,
    {
      providerId: ALIYUN_PROVIDER_ID,
      operation: 'clean',
      suggestion: 'Call again, or delete them in the AgentRun console.',
      details: { deleted: [...deleted], failed: [...failed] },
    },
  );
}
