import type { SettingsCallOptions, UsageRow, UsageStore, UsageSummary } from '@sandport/core';

/** Usage in memory, for tests: rows take the place of former ones, and writing can be held up or broken. */
export class MemoryUsageStore implements UsageStore {
  readonly rows = new Map<string, UsageRow>();
  /** Every write, with its rows. */
  readonly writes: (readonly UsageRow[])[] = [];
  /** Thrown by each write while it is set. */
  failure: Error | undefined;
  /** Awaited by each write before it stores anything. */
  beforeWrite: (options: SettingsCallOptions) => Promise<void> = () => Promise.resolve();

  async write(rows: readonly UsageRow[], options: SettingsCallOptions = {}): Promise<void> {
    this.writes.push(rows);
    await this.beforeWrite(options);
    if (this.failure !== undefined) throw this.failure;
    for (const row of rows) this.rows.set(`${row.clientId} ${row.minuteMs} ${row.providerId}`, row);
  }

  read(): Promise<UsageSummary> {
    return Promise.reject(new Error('no test reads it'));
  }

  /** Calls by status or code, over all rows. */
  totals(): Readonly<Record<string, number>> {
    const totals: Record<string, number> = {};
    for (const { statuses, errors } of this.rows.values()) {
      for (const [name, calls] of [...Object.entries(statuses), ...Object.entries(errors)]) totals[name] = (totals[name] ?? 0) + calls;
    }
    return totals;
  }
}
