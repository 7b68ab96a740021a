import type { SettingsStore } from '@sandport/core';

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

  /** Closes what was opened here, and nothing else. */
  async close(): Promise<void> {
    const store = await this.#opening;
    await store?.close();
  }
}
