import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError, type JsonObject, type Setting, type SettingsCallOptions, type SettingsStore } from '@sandport/core';

type Rows = Readonly<Record<string, string>>;

/** Settings in memory, for tests: they count their reads and can be held up or broken. */
export class MemorySettings implements SettingsStore {
  readonly rows = new Map<string, Setting>();
  readonly versions = new Map<number, ReadonlyMap<string, Setting>>();
  readCount = 0;
  versionReadCount = 0;
  closeCount = 0;
  unsealCount = 0;
  /** Reads that have begun and not ended. */
  openReads = 0;
  /** Most reads at one time. */
  peakReads = 0;
  /** Thrown by each read while it is set. */
  failure: Error | undefined;
  /** Time that each read takes, unless its signal fires before. */
  delayMs = 0;
  /** Awaited by each read after it has seen the rows. It does not look at the signal. */
  afterRead: () => Promise<void> = () => Promise.resolve();
  /** What the sealed member of a configuration opens to. */
  opened: JsonObject | Error = {};

  constructor(rows: Rows = {}) {
    this.set(rows);
  }

  set(rows: Rows): void {
    for (const [name, setting] of settingsOf(rows)) this.rows.set(name, setting);
  }

  /** Keeps the rows of a version. */
  record(version: number, rows: Rows): void {
    this.versions.set(version, settingsOf(rows));
  }

  async read(names: readonly string[], { signal }: SettingsCallOptions = {}): Promise<ReadonlyMap<string, Setting>> {
    if (this.closeCount > 0) throw new SandboxError('SETTINGS_UNAVAILABLE', 'The memory is closed.');
    this.readCount += 1;
    this.openReads += 1;
    this.peakReads = Math.max(this.peakReads, this.openReads);
    try {
      if (this.delayMs > 0) await delay(this.delayMs, undefined, { signal });
      if (this.failure !== undefined) throw this.failure;
      const seen = named(this.rows, names);
      await this.afterRead();
      return seen;
    } finally {
      this.openReads -= 1;
    }
  }

  readVersion(version: number, names: readonly string[]): Promise<ReadonlyMap<string, Setting>> {
    this.versionReadCount += 1;
    const rows = this.versions.get(version);
    if (rows !== undefined) return Promise.resolve(named(rows, names));
    return Promise.reject(new SandboxError('CONFIG_MISSING', `There is no version ${version}.`));
  }

  unseal(_name: string, { $encrypted: sealed, ...config }: JsonObject): Promise<JsonObject> {
    this.unsealCount += 1;
    if (sealed === undefined) return Promise.resolve(config);
    return this.opened instanceof Error ? Promise.reject(this.opened) : Promise.resolve({ ...config, ...this.opened });
  }

  close(): Promise<void> {
    this.closeCount += 1;
    return Promise.resolve();
  }
}

function settingsOf(rows: Rows): ReadonlyMap<string, Setting> {
  return new Map(Object.entries(rows).map(([name, value]) => [name, { name, source: 'test', dataType: 'string', value }]));
}

function named(rows: ReadonlyMap<string, Setting>, names: readonly string[]): ReadonlyMap<string, Setting> {
  return new Map([...rows].filter(([name]) => names.includes(name)));
}
