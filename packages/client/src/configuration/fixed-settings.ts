import { PROVIDER_TYPE_SETTING, providerConfigSetting, type JsonObject, type Setting, type SettingsStore } from '@sandport/core';

/** The settings of a program that names its one provider itself: two rows that never change, and no policy, secrets or memory of calls. */
export class FixedSettings implements SettingsStore {
  readonly #rows: ReadonlyMap<string, Setting>;

  constructor(providerId: string, config: JsonObject) {
    const rows = [
      rowOf(PROVIDER_TYPE_SETTING, 'string', providerId),
      rowOf(providerConfigSetting(providerId), 'json', JSON.stringify(config)),
    ];
    this.#rows = new Map(rows.map((row) => [row.name, row]));
  }

  read(names: readonly string[]): Promise<ReadonlyMap<string, Setting>> {
    return Promise.resolve(new Map([...this.#rows].filter(([name]) => names.includes(name))));
  }

  /** Nothing is sealed here. */
  unseal(_name: string, config: JsonObject): Promise<JsonObject> {
    return Promise.resolve(config);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function rowOf(name: string, dataType: string, value: string): Setting {
  return { name, source: 'program', dataType, value };
}
