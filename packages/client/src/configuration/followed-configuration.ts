import type { Clock, ProviderDefinition } from '@sandport/core';
import type { SettingsSource } from '../settings-source.ts';
import { countConfigurationChange, recordSettingsRead } from '../telemetry/client-telemetry.ts';
import { showSettings } from '../telemetry/observed-settings.ts';
import { ConfigurationFollower } from './configuration-follower.ts';
import { ConfigurationReader } from './configuration-reader.ts';
import { ConfigurationSnapshot } from './configuration-snapshot.ts';
import type { FollowerTiming } from './follower-timing.ts';
import { StoredProviders } from './stored-providers.ts';

/** What is followed. */
export interface FollowedConfigurationOptions {
  readonly source: SettingsSource;
  readonly definitions: ReadonlyMap<string, ProviderDefinition>;
  readonly pinnedVersion: number | undefined;
  readonly timing: FollowerTiming;
  readonly now: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: Clock;
  /** Lets a snapshot take effect, unless another one is the latest by then. Never rejects. */
  readonly install: (snapshot: ConfigurationSnapshot, isLatest: () => boolean) => Promise<void>;
}

/** Follows the stored configuration of the carried providers, and tells OpenTelemetry of it. */
export function followConfiguration(options: FollowedConfigurationOptions): ConfigurationFollower<ConfigurationSnapshot> {
  const { source, definitions, pinnedVersion, timing, now, wallClock, install } = options;
  const reader = new ConfigurationReader({ source, providerIds: [...definitions.keys()], pinnedVersion });
  const storedProviders = new StoredProviders(async (...call) => (await source.get()).unseal(...call));
  let hide: (() => void) | undefined;
  const follower: ConfigurationFollower<ConfigurationSnapshot> = new ConfigurationFollower({
    read: (signal) => reader.read(signal),
    snapshotOf: (texts) => new ConfigurationSnapshot(texts, { definitions, storedProviders, pinnedVersion }),
    onChange: async (snapshot, former) => {
      if (former !== undefined) countConfigurationChange();
      await install(snapshot, () => follower.latest === snapshot);
    },
    onRead: (durationMs, failure) => {
      hide ??= showSettings(() => follower.failure === undefined);
      recordSettingsRead(durationMs, failure);
    },
    onClose: () => hide?.(),
    timing,
    now,
    wallClock,
  });
  return follower;
}
