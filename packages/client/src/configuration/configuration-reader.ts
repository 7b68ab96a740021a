import {
  FALLBACK_SETTING,
  passportSetting,
  POLICY_SETTING,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  SandboxError,
  VERSION_SETTING,
  type Setting,
  type SettingsStore,
} from '@sandport/core';
import type { SettingsSource } from '../settings-source.ts';
import { settingsUnreadable } from './row-errors.ts';

/** Texts of the rows that exist, by their names. */
export type RowTexts = ReadonlyMap<string, string>;

/** What is read. */
export interface ConfigurationReaderOptions {
  readonly source: SettingsSource;
  readonly providerIds: readonly string[];
  /** A recorded version to stay with, whatever is in use. */
  readonly pinnedVersion: number | undefined;
}

/** Reads all rows that a client goes by, in one consistent read. */
export class ConfigurationReader {
  readonly #source: SettingsSource;
  readonly #pinnedVersion: number | undefined;
  readonly #governedNames: readonly string[];
  /** Rows that are no part of a version: what is in use now, and what was proven since. */
  readonly #liveNames: readonly string[];
  #pinned: RowTexts | undefined;

  constructor({ source, providerIds, pinnedVersion }: ConfigurationReaderOptions) {
    this.#source = source;
    this.#pinnedVersion = pinnedVersion;
    this.#governedNames = [PROVIDER_TYPE_SETTING, POLICY_SETTING, FALLBACK_SETTING, ...providerIds.map(providerConfigSetting)];
    this.#liveNames = [VERSION_SETTING, ...providerIds.map(passportSetting)];
  }

  /**
   * The rows of this moment; with a pinned version the governed ones of that version.
   *
   * @throws SandboxError what the store throws; `SETTINGS_UNAVAILABLE` for anything else; `CAPABILITY_UNSUPPORTED` when versions are wanted of a store that has none.
   */
  async read(signal: AbortSignal): Promise<RowTexts> {
    try {
      const store = await this.#source.get();
      // A store that took too long to open is asked for nothing any more.
      signal.throwIfAborted();
      if (this.#pinnedVersion !== undefined) return await this.#readPinned(store, this.#pinnedVersion, signal);
      return textsOf(await store.read([...this.#governedNames, ...this.#liveNames], { signal }));
    } catch (error) {
      if (SandboxError.isInstance(error)) throw error;
      throw settingsUnreadable(error);
    }
  }

  /** A version never changes and is read once. Without a policy nobody asks for a proof, so that nothing else needs to be read. */
  async #readPinned(store: SettingsStore, version: number, signal: AbortSignal): Promise<RowTexts> {
    if (store.readVersion === undefined) throw versionsUnsupported();
    this.#pinned ??= textsOf(await store.readVersion(version, this.#governedNames, { signal }));
    if (!this.#pinned.has(POLICY_SETTING)) return this.#pinned;
    return new Map([...this.#pinned, ...textsOf(await store.read(this.#liveNames, { signal }))]);
  }
}

function textsOf(rows: ReadonlyMap<string, Setting>): RowTexts {
  return new Map([...rows].map(([name, { value }]) => [name, value]));
}

function versionsUnsupported(): SandboxError {
  return new SandboxError('CAPABILITY_UNSUPPORTED', 'version: these settings record no versions.', {
    operation: 'readSettings',
    suggestion: 'Leave "version" out, or hand over settings that record versions.',
    details: { field: 'version' },
  });
}
