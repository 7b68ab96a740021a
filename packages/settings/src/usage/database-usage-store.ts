import {
  monotonicClock,
  type Clock,
  type SettingsCallOptions,
  type UsageRange,
  type UsageRow,
  type UsageStore,
  type UsageSummary,
} from '@sandport/core';
import type { SettingsDatabase } from '../database/settings-database.ts';
import { mergeUsage } from './merge-usage.ts';
import { checkUsageRange, checkUsageRows } from './usage-check.ts';
import { addHoursUp, hoursOf, isInHours, readUsageHours, takeHours } from './usage-hours.ts';
import { putUsageRow, readFollowers, readUsageRows, removeOldUsage } from './usage-rows.ts';

const MINUTE_MS = 60_000;

/** How long rows are kept: a week, and a day more for who looks at a whole one. */
const KEPT_MS = 8 * 24 * 60 * MINUTE_MS;

/** How often one process looks for rows that are too old, and about how many it removes then. */
const REMOVAL_PAUSE_MS = 10 * MINUTE_MS;
const MOST_AT_ONCE = 1000;

/** Keeps what clients count in a database. Rows that are too old are removed little by little, with the new ones that come. */
export class DatabaseUsageStore implements UsageStore {
  readonly #database: SettingsDatabase;
  readonly #clock: Clock;
  #nextRemovalMs: number;

  constructor(database: SettingsDatabase, clock: Clock = monotonicClock) {
    this.#database = database;
    this.#clock = clock;
    // A program that makes one call and ends has no time for it.
    this.#nextRemovalMs = clock() + MINUTE_MS;
  }

  async write(rows: readonly UsageRow[], { signal }: SettingsCallOptions = {}): Promise<void> {
    checkUsageRows(rows);
    if (rows.length === 0) return;
    const isRemovalDue = this.#clock() >= this.#nextRemovalMs;
    if (isRemovalDue) this.#nextRemovalMs = this.#clock() + REMOVAL_PAUSE_MS;
    await this.#database.write({ operation: 'writeUsage', signal }, async (transaction) => {
      const hours = hoursOf(rows);
      await takeHours(transaction, hours);
      for (const row of rows) await putUsageRow(transaction, row);
      await addHoursUp(transaction, hours);
      if (isRemovalDue) await removeOldUsage(transaction, KEPT_MS, MOST_AT_ONCE);
    });
  }

  async read(range: UsageRange, { signal }: SettingsCallOptions = {}): Promise<UsageSummary> {
    checkUsageRange(range);
    return this.#database.read({ operation: 'readUsage', signal }, async (tables) => {
      const counted = isInHours(range) ? await readUsageHours(tables, range) : await readUsageRows(tables, range);
      const points = mergeUsage(counted, range.stepMs);
      return { points, ...(await readFollowers(tables)) };
    });
  }
}
