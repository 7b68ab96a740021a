import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError } from '@sandport/core';
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigurationFollower, type ConfigurationFollowerOptions } from './configuration-follower.ts';
import type { RowTexts } from './configuration-reader.ts';
import { FOLLOWER_TIMING, pauseBeforeRead, type FollowerTiming } from './follower-timing.ts';

const TIMING: FollowerTiming = {
  pollIntervalMs: 10,
  idleAfterMs: 60_000,
  catchUpMs: 50,
  latenessMs: 5_000,
  firstReadTimeoutMs: 5_000,
  readTimeoutMs: 5_000,
  maxPauseMs: 40,
};

/** Rows whose reading can be held up and broken. */
class FakeRows {
  text = 'one';
  readCount = 0;
  openReads = 0;
  peakReads = 0;
  failure: Error | undefined;
  signals: AbortSignal[] = [];
  /** Awaited by each read after it saw the rows. */
  held: Promise<void> = Promise.resolve();

  async read(signal: AbortSignal): Promise<RowTexts> {
    this.readCount += 1;
    this.signals.push(signal);
    this.openReads += 1;
    this.peakReads = Math.max(this.peakReads, this.openReads);
    const { text } = this;
    try {
      await this.held;
      if (this.failure !== undefined) throw this.failure;
      return new Map([['row', text]]);
    } finally {
      this.openReads -= 1;
    }
  }

  /** Holds up every read from now on, until the returned function is called. */
  hold(): () => void {
    let open: () => void = () => undefined;
    this.held = new Promise((resolve) => {
      open = resolve;
    });
    return () => {
      this.held = Promise.resolve();
      open();
    };
  }
}

const followers: { close: () => void }[] = [];

afterEach(() => {
  for (const follower of followers.splice(0)) follower.close();
});

function follow(timing: Partial<FollowerTiming> = {}, options: Partial<ConfigurationFollowerOptions<string>> = {}) {
  const rows = new FakeRows();
  const clock = { nowMs: 0, wallMs: 1_000 };
  const changes: (readonly [string, string | undefined])[] = [];
  const follower = new ConfigurationFollower<string>({
    read: (signal) => rows.read(signal),
    snapshotOf: (texts) => texts.get('row') ?? '',
    onChange: (snapshot, former) => {
      changes.push([snapshot, former]);
      return Promise.resolve();
    },
    timing: { ...TIMING, ...timing },
    now: () => clock.nowMs,
    wallClock: () => clock.wallMs,
    ...options,
  });
  followers.push(follower);
  return { follower, rows, clock, changes };
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome.status === 'rejected' ? outcome.reason : new Error('nothing was thrown');
}

const codeOf = async (promise: Promise<unknown>) => {
  const error = await failureOf(promise);
  return SandboxError.isInstance(error) ? error.code : error;
};

describe('the first read', () => {
  test('is waited for, and is one for all who come meanwhile', async () => {
    const { follower, rows, changes } = follow();
    expect(await Promise.all(Array.from({ length: 50 }, () => follower.current()))).toEqual(Array.from({ length: 50 }, () => 'one'));
    expect([rows.readCount, changes]).toEqual([1, [['one', undefined]]]);
  });

  test('that fails is thrown, nothing is polled, and the next call reads again', async () => {
    const { follower, rows } = follow();
    rows.failure = new Error('gone');
    expect(await failureOf(follower.current())).toBe(rows.failure);
    await delay(50);
    expect(rows.readCount).toBe(1);
    rows.failure = undefined;
    expect(await follower.current()).toBe('one');
  });

  test('that never ends is given up at its deadline, and its signal says so', async () => {
    const { follower, rows } = follow({ firstReadTimeoutMs: 20 });
    rows.hold();
    expect(await codeOf(follower.current())).toBe('SETTINGS_UNAVAILABLE');
    expect(rows.signals[0]?.aborted).toBe(true);
  });

  test('goes on for the others when one caller withdraws', async () => {
    const { follower, rows } = follow();
    const open = rows.hold();
    const controller = new AbortController();
    const [withdrawn, other] = [follower.current(controller.signal), follower.current()];
    controller.abort('enough');
    expect(await codeOf(withdrawn)).toBe('CANCELLED');
    open();
    expect(await other).toBe('one');
    expect(rows.readCount).toBe(1);
  });
});

describe('while the follower is used', () => {
  test('a change is noticed in the background, and the same text changes nothing', async () => {
    const { follower, rows, changes } = follow();
    await follower.current();
    await expect.poll(() => rows.readCount).toBeGreaterThan(3);
    expect(changes).toHaveLength(1);
    rows.text = 'two';
    await expect.poll(() => follower.latest).toBe('two');
    expect(changes).toEqual([
      ['one', undefined],
      ['two', 'one'],
    ]);
  });

  test('no call waits for a read, and no two reads run at once', async () => {
    const { follower, rows } = follow();
    await follower.current();
    const open = rows.hold();
    await expect.poll(() => rows.openReads).toBe(1);
    const readsSoFar = rows.readCount;
    expect(await Promise.all([follower.current(), follower.current()])).toEqual(['one', 'one']);
    await delay(40);
    expect([rows.readCount, rows.peakReads]).toEqual([readsSoFar, 1]);
    open();
  });

  test('a read that never ends is given up, its late answer is not looked at, and the next one counts', async () => {
    const { follower, rows } = follow({ readTimeoutMs: 20 });
    await follower.current();
    const open = rows.hold();
    rows.text = 'late';
    await expect.poll(() => follower.failure).toBeDefined();
    expect(await codeOf(Promise.reject(follower.failure?.error))).toBe('SETTINGS_UNAVAILABLE');
    expect(await follower.current()).toBe('one');
    rows.text = 'two';
    open();
    await expect.poll(() => [follower.latest, follower.failure]).toEqual(['two', undefined]);
  });

  test('a late read is waited for, since what is known may be old', async () => {
    const { follower, rows, clock } = follow({ pollIntervalMs: 60_000, latenessMs: 300 });
    await follower.current();
    rows.text = 'two';
    clock.nowMs += 48_100;
    expect(await follower.current()).toBe('one');
    clock.nowMs += 12_300;
    expect(await follower.current()).toBe('two');
  });
});

describe('rows that cannot be read', () => {
  test('leave the last good ones, tell since when, and recover by themselves', async () => {
    const { follower, rows, clock } = follow();
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
    const context = follow({ idleAfterMs: 1_000, latenessMs: 1e9, ...timing });
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

describe('refresh', () => {
  test('reads anew although a read runs that may have seen older rows', async () => {
    const { follower, rows } = follow();
    await follower.current();
    const open = rows.hold();
    await expect.poll(() => rows.openReads).toBe(1);
    rows.text = 'two';
    const refreshed = follower.refresh();
    open();
    await refreshed;
    expect(follower.latest).toBe('two');
  });

  test('waits until the rows have taken effect', async () => {
    let install: () => void = () => undefined;
    const installed = new Promise<void>((resolve) => {
      install = resolve;
    });
    const { follower } = follow({}, { onChange: () => installed });
    let isOver = false;
    const refreshed = follower.refresh().then(() => {
      isOver = true;
    });
    await delay(20);
    expect([follower.latest, isOver]).toEqual(['one', false]);
    install();
    await refreshed;
  });

  test('fails with what the read met, also when there are last good rows', async () => {
    const { follower, rows } = follow();
    await follower.refresh();
    rows.failure = new Error('gone');
    expect(await failureOf(follower.refresh())).toBe(rows.failure);
    expect(follower.latest).toBe('one');
  });
});

describe('closing', () => {
  test('lets nobody wait, withdraws the read, and refuses what comes later', async () => {
    const { follower, rows } = follow();
    rows.hold();
    const waiting = follower.current();
    follower.close();
    expect(await codeOf(waiting)).toBe('SANDBOX_CLOSED');
    expect(rows.signals[0]?.aborted).toBe(true);
    expect(await codeOf(follower.current())).toBe('SANDBOX_CLOSED');
    expect(await codeOf(follower.refresh())).toBe('SANDBOX_CLOSED');
  });

  test('ends the polling', async () => {
    const { follower, rows } = follow();
    await follower.current();
    follower.close();
    const readsSoFar = rows.readCount;
    await delay(50);
    expect(rows.readCount).toBe(readsSoFar);
  });
});
