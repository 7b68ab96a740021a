import { SandboxError, type JsonObject, type Setting, type SettingsStore } from '@sandport/core';

/** Settings in memory, for tests: they count their reads and can be held up or broken. */
export class MemorySettings implements SettingsStore {
  readonly rows = new Map<string, Setting>();
  readCount = 0;
  closeCount = 0;
  /** Awaited by each read after it has seen the rows. */
  afterRead: () => Promise<void> = () => Promise.resolve();

  constructor(rows: Readonly<Record<string, string>> = {}) {
    this.set(rows);
  }

  set(rows: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(rows)) this.rows.set(name, { name, source: 'test', dataType: 'string', value });
  }

  async read(names: readonly string[]): Promise<ReadonlyMap<string, Setting>> {
    if (this.closeCount > 0) throw new SandboxError('SETTINGS_UNAVAILABLE', 'The memory is closed.');
    this.readCount += 1;
    const seen = new Map([...this.rows].filter(([name]) => names.includes(name)));
    await this.afterRead();
    return seen;
  }

  unseal(_name: string, config: JsonObject): Promise<JsonObject> {
    return Promise.resolve(config);
  }

  close(): Promise<void> {
    this.closeCount += 1;
    return Promise.resolve();
  }
}
