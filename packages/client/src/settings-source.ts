import type { SettingsStore } from '@sandport/core';
import { settingsTooSlow } from './configuration/row-errors.ts';
import { withinDeadline } from './configuration/within-deadline.ts';

/** Closing ends connections, which a database that is gone may not answer. */
const CLOSE_TIMEOUT_MS = 10_000;

/** A store that the caller keeps, or a function that opens one for the client to close. */
export type SettingsInput = SettingsStore | (() => SettingsStore | Promise<SettingsStore>);

/** Gives the store of a client, opening it with the first call when that is the client's task. */
export class SettingsSource {
  readonly #input: SettingsInput;
  #opening: Promise<SettingsStore> | undefined;

  constructor(input: SettingsInput) {
    this.#input = input;
  }

  async get(): Promise<SettingsStore> {
    if (typeof this.#input !== 'function') return this.#input;
    const open = this.#input;
    this.#opening ??= (async () => open())();
    try {
      return await this.#opening;
    } catch (error) {
      // The next call tries anew.
      this.#opening = undefined;
      throw error;
    }
  }

  /**
   * Closes what was opened here, and nothing else. A store that is still being opened is closed as soon as it is there.
   *
   * @throws what the store throws; SandboxError `SETTINGS_UNAVAILABLE` when it is not closed in time.
   */
  async close(): Promise<void> {
    const opening = this.#opening;
    if (opening === undefined) return;
    const onTimeout = () => settingsTooSlow('closeSettings', CLOSE_TIMEOUT_MS);
    await withinDeadline({ timeoutMs: CLOSE_TIMEOUT_MS, onTimeout }, () => closeOpened(opening));
  }
}

/** What could not be opened need not be closed; whoever wanted it was told. */
async function closeOpened(opening: Promise<SettingsStore>): Promise<void> {
  const [opened] = await Promise.allSettled([opening]);
  if (opened.status === 'fulfilled') await opened.value.close();
}
