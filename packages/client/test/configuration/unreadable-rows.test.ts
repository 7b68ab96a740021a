import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { FOLLOWER_TIMING, pauseBeforeRead, type FollowerTiming } from '../../src/configuration/follower-timing.ts';
import { followRows } from './followed-rows.ts';

describe('rows that cannot be read', () => {
  test('leave the last good ones, tell since when, and recover by themselves', async () => {
    const { follower, rows, clock } = followRows();
    await follower.current();
    rows.failure = new Error('gone');
    await expect.poll(() => follower.failure).toEqual({ sinceMs: 1_000, error: rows.failure });
    clock.wallMs = 2_000;
    const failures = rows.readCount;
    await expect.poll(() => rows.readCount).toBeGreaterThan(failures + 1);
    expect(follower.failure?.sinceMs).toBe(1_000);
    expect(await follower.current()).toBe('one');
    rows.failure = undefined;
    rows.text = 'two';
    await expect.poll(() => [follower.latest, follower.failure]).toEqual(['two', undefined]);
  });

  test.each([
    [0, 0, 300],
    [0, 1, 240],
    [1, 0, 600],
    [4, 0, 4_800],
    [5, 0, 5_000],
    [1_000, 0, 5_000],
  ])('after %i failures in a row, with a share of %d for chance, are tried again after %i ms', (failures, random, pauseMs) => {
    expect(pauseBeforeRead(FOLLOWER_TIMING, failures, random)).toBe(pauseMs);
  });

  test('are looked at no more often than asked for, also when that is seldom', () => {
    expect(pauseBeforeRead({ ...FOLLOWER_TIMING, pollIntervalMs: 60_000 }, 3, 0)).toBe(60_000);
  });
});

describe('a rest', () => {
  async function rested(timing: Partial<FollowerTiming> = {}) {
    const context = followRows({ idleAfterMs: 1_000, latenessMs: 1e9, ...timing });
    await context.follower.current();
    context.clock.nowMs += 1_001;
    await expect
      .poll(async () => {
        const before = context.rows.readCount;
        await delay(40);
        return context.rows.readCount - before;
      })
      .toBe(0);
    return context;
  }

  test('ends the reading, and the next call reads first and lets it begin again', async () => {
    const { follower, rows } = await rested();
    rows.text = 'two';
    const readsSoFar = rows.readCount;
    expect(await Promise.all([follower.current(), follower.current()])).toEqual(['two', 'two']);
    expect(rows.readCount).toBe(readsSoFar + 1);
    await expect.poll(() => rows.readCount).toBeGreaterThan(readsSoFar + 2);
  });

  test('is not ended by a read that takes too long for the call that waits', async () => {
    const { follower, rows } = await rested({ catchUpMs: 30 });
    const open = rows.hold();
    rows.text = 'two';
    expect(await follower.current()).toBe('one');
    expect(await follower.current()).toBe('one');
    open();
    await expect.poll(() => follower.latest).toBe('two');
  });

  test('is followed by the last good rows when these cannot be read', async () => {
    const { follower, rows } = await rested({ catchUpMs: 60_000 });
    rows.failure = new Error('gone');
    expect(await follower.current()).toBe('one');
    expect(follower.failure?.error).toBe(rows.failure);
  });
});
