import type { ProviderDefinition } from '@sandport/core';
import type { StoredSettings } from '@sandport/settings';
import type { ConnectionGuard } from '../network/connection-guard.ts';
import { WarmProviders } from './warm-providers.ts';
import { WorkSlots } from './work-slots.ts';

/** Trials, comparisons and programs that are carried out at one time. */
const MAX_WORK = 4;

/** For how long a provider of the playground is kept after its last program. */
const KEEP_WARM_MS = 120_000;

/** What the routes of sandboxes work with. */
export interface SandboxServiceOptions {
  readonly settings: StoredSettings;
  /** The providers that this program carries. */
  readonly providers: readonly ProviderDefinition[];
  /** What this program may connect to. It is for its owner to install. */
  readonly guard: ConnectionGuard;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Told of what goes wrong where nobody waits for it, for the log. @default nobody is told */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** Milliseconds in which a provider of the playground is kept after its last program. @default 120000 */
  readonly keepWarmMs?: number | undefined;
}

/** What the routes of sandboxes work with, and what they keep between calls. Neither the settings nor the guard are closed with it. */
export class SandboxService {
  readonly settings: StoredSettings;
  readonly providers: readonly ProviderDefinition[];
  readonly guard: ConnectionGuard;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  readonly slots = new WorkSlots(MAX_WORK);
  readonly warmProviders: WarmProviders;

  constructor({ settings, providers, guard, now = Date.now, onFault = () => undefined, keepWarmMs = KEEP_WARM_MS }: SandboxServiceOptions) {
    this.settings = settings;
    this.providers = providers;
    this.guard = guard;
    this.now = now;
    this.onFault = onFault;
    this.warmProviders = new WarmProviders({ keepMs: keepWarmMs, onFault });
  }

  /** Closes the providers that were kept. Calls that run are for the server to withdraw first. */
  close(): Promise<void> {
    return this.warmProviders.close();
  }
}
