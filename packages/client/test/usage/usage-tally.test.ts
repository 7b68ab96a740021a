import { usageLatencyBucket } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { UsageTally } from '../../src/usage/usage-tally.ts';

const MINUTE_MS = 60_000;
const COMPLETED = { status: 'completed' } as const;

describe('a tally of calls', () => {
  test('has a row for each provider and minute, with latencies of results alone', () => {
    const tally = new UsageTally();
    tally.count(MINUTE_MS + 1, 'one', COMPLETED, 5);
    tally.count(MINUTE_MS + 59_999, 'one', { status: 'failed' }, 5);
    tally.count(MINUTE_MS + 59_999, 'one', { errorCode: 'CAPACITY_EXHAUSTED' }, 5);
    tally.count(MINUTE_MS + 59_999, 'two', COMPLETED, 700_000);
    tally.count(2 * MINUTE_MS, 'one', COMPLETED, 5);
    const { rows } = tally.unwritten();
    expect(rows.map(({ minuteMs, providerId, statuses, errors }) => [minuteMs / MINUTE_MS, providerId, statuses, errors])).toEqual([
      [1, 'one', { completed: 1, failed: 1 }, { CAPACITY_EXHAUSTED: 1 }],
      [1, 'two', { completed: 1 }, {}],
      [2, 'one', { completed: 1 }, {}],
    ]);
    const [one, two] = rows.map(({ latencyBuckets }) => latencyBuckets);
    expect([one?.[usageLatencyBucket(5)], one?.reduce((sum, calls) => sum + calls, 0), two?.at(-1)]).toEqual([2, 2, 1]);
    expect(new Set(rows.map(({ clientId }) => clientId)).size).toBe(1);
  });

  test('has nothing to write when everything was written, and the whole minute when something came', () => {
    const tally = new UsageTally();
    expect(tally.hasUnwritten).toBe(false);
    tally.count(0, 'one', COMPLETED, 5);
    const first = tally.unwritten();
    // Counted while the first was being written.
    tally.count(1, 'one', COMPLETED, 5);
    first.markWritten();
    expect(tally.hasUnwritten).toBe(true);
    const second = tally.unwritten();
    expect(second.rows.map(({ statuses }) => statuses)).toEqual([{ completed: 2 }]);
    second.markWritten();
    expect([tally.hasUnwritten, tally.unwritten().rows]).toEqual([false, []]);
    tally.count(2, 'one', COMPLETED, 5);
    expect(tally.unwritten().rows.map(({ statuses }) => statuses)).toEqual([{ completed: 3 }]);
  });

  test('keeps what could not be written, the newest of it when that is too much', () => {
    const tally = new UsageTally();
    for (let minute = 0; minute < 500; minute += 1) tally.count(minute * MINUTE_MS, 'one', COMPLETED, 5);
    const { rows } = tally.unwritten();
    expect([rows.length, rows[0]?.minuteMs, rows.at(-1)?.minuteMs]).toEqual([240, 260 * MINUTE_MS, 499 * MINUTE_MS]);
  });

  test('goes by another name when the clock went back, so that no row is written anew with less', () => {
    const tally = new UsageTally();
    tally.count(5 * MINUTE_MS, 'one', COMPLETED, 5);
    tally.count(6 * MINUTE_MS, 'one', COMPLETED, 5);
    const before = tally.unwritten();
    before.markWritten();
    tally.count(5 * MINUTE_MS, 'one', COMPLETED, 5);
    const after = tally.unwritten();
    expect(after.rows).toHaveLength(1);
    expect(before.rows.map(({ clientId }) => clientId)).not.toContain(after.rows[0]?.clientId);
  });

  test('has the highest numbers of the pool in the minute, and no pool without a call', () => {
    const tally = new UsageTally();
    tally.notePool(0, 'one', { idle: 9, busy: 9, starting: 9, waiting: 9 });
    expect(tally.hasUnwritten).toBe(false);
    tally.count(0, 'one', COMPLETED, 5);
    tally.notePool(0, 'one', { idle: 3, busy: 1, starting: 0, waiting: 0 });
    tally.notePool(0, 'one', { idle: 1, busy: 2, starting: 0, waiting: 0 });
    const { rows, markWritten } = tally.unwritten();
    expect(rows[0]?.pool).toEqual({ idle: 3, busy: 2, starting: 0, waiting: 0 });
    markWritten();
    tally.notePool(0, 'one', { idle: 2, busy: 2, starting: 0, waiting: 0 });
    expect(tally.hasUnwritten).toBe(false);
    tally.notePool(0, 'one', { idle: 2, busy: 2, starting: 0, waiting: 4 });
    expect(tally.unwritten().rows[0]?.pool).toEqual({ idle: 3, busy: 2, starting: 0, waiting: 4 });
  });
});
