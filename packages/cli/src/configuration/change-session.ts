import type { ActiveConfiguration, ConfigurationStore, StoredSettings } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import type { ChangeOptions } from './change-options.ts';

/** What a command works with that changes the configuration. */
export interface ChangeSession {
  readonly context: CliContext;
  readonly settings: StoredSettings;
  readonly options: ChangeOptions;
}

/**
 * The configuration in use, as the one who changes it sees it. What other programs have changed is written down as a version first, so that nobody is in conflict with a change that was
 * there before he began.
 */
export async function readForChange(configurations: ConfigurationStore, signal: AbortSignal): Promise<ActiveConfiguration> {
  const active = await configurations.active({ signal });
  if (active.changedElsewhere.length === 0) return active;
  await configurations.recordForeignChanges({ signal });
  return configurations.active({ signal });
}
