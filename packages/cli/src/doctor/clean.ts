import { SandboxError, type SettingsStore } from '@sandport/core';
import { aliyunProviderConfigSchema, cleanAliyunSandboxes } from '@sandport/provider-aliyun';
import { cleanE2bSandboxes, e2bProviderConfigSchema } from '@sandport/provider-e2b';
import type { SettingsLocation } from '@sandport/settings';
import { ALIYUN_PROVIDER_ID } from '../aliyun/provider-id.ts';
import type { CliContext } from '../cli-context.ts';
import { readProviderConfig } from '../connection/stored-config.ts';
import { E2B_PROVIDER_ID } from '../e2b/provider-id.ts';
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
    case ALIYUN_PROVIDER_ID: {
      const config = await readProviderConfig(context, settings, { providerId, schema: aliyunProviderConfigSchema });
      return removedSandboxes(providerId, await cleanAliyunSandboxes(config, { signal }), 'in the AgentRun console');
    }
    case E2B_PROVIDER_ID: {
      const config = await readProviderConfig(context, settings, { providerId, schema: e2bProviderConfigSchema });
      return removedSandboxes(providerId, await cleanE2bSandboxes(config, { signal }), "in the service's dashboard");
    }
    default:
      return [];
  }
}

/** What an account says of sandboxes that were to be deleted. */
interface DeletedSandboxes {
  readonly deleted: readonly string[];
  readonly failed: readonly string[];
}

function removedSandboxes(providerId: string, { deleted, failed }: DeletedSandboxes, elsewhere: string): readonly Removed[] {
  if (failed.length === 0) return deleted.map((name) => ({ kind: 'sandbox', name }));
  throw new SandboxError(
    'PROVIDER_UNAVAILABLE',
    `${failed.length} sandboxes could not be removed: ${failed.join(', ')}. ${deleted.length} were.`,
    {
      providerId,
      operation: 'clean',
      suggestion: `Call again, or delete them ${elsewhere}.`,
      details: { deleted: [...deleted], failed: [...failed] },
    },
  );
}
