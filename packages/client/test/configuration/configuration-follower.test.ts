import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { followRows } from './followed-rows.ts';

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
    const { follower, rows, changes } = followRows();
    expect(await Promise.all(Array.from({ length: 50 }, () => follower.current()))).toEqual(Array.from({ length: 50 }, () => 'one'));
    expect([rows.readCount, changes]).toEqual([1, [['one', undefined]]]);
  });

  test('that fails is thrown, nothing is polled, and the next call reads again', async () => {
    const { follower, rows } = followRows();
    rows.failure = new Error('gone');
    expect(await failureOf(follower.current())).toBe(rows.failure);
    await delay(50);
    expect(rows.readCount).toBe(1);
    rows.failure = undefined;
    expect(await follower.current()).toBe('one');
  });

  test('that never ends is given up at its deadline, and its signal says so', async () => {
    const { follower, rows } = followRows({ firstReadTimeoutMs: 20 });
    rows.hold();
    expect(await codeOf(follower.current())).toBe('SETTINGS_UNAVAILABLE');
    expect(rows.signals[0]?.aborted).toBe(true);
  });

  test('goes on for the others when one caller withdraws', async () => {
    const { follower, rows } = followRows();
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
    const { follower, rows, changes } = followRows();
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
    const { follower, rows } = followRows();
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
    const { follower, rows } = followRows({ readTimeoutMs: 20 });
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
    const { follower, rows, clock } = followRows({ pollIntervalMs: 60_000, latenessMs: 300 });
    await follower.current();
    rows.text = 'two';
    clock.nowMs += 48_100;
    expect(await follower.current()).toBe('one');
    clock.nowMs += 12_300;
    expect(await follower.current()).toBe('two');
  });
});

describe('refresh', () => {
  test('reads anew although a read runs that may have seen older rows', async () => {
    const { follower, rows } = followRows();
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
    const { follower } = followRows({}, { onChange: () => installed });
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
    const { follower, rows } = followRows();
    await follower.refresh();
    rows.failure = new Error('gone');
    expect(await failureOf(follower.refresh())).toBe(rows.failure);
    expect(follower.latest).toBe('one');
  });
});

describe('closing', () => {
  test('lets nobody wait, withdraws the read, and refuses what comes later', async () => {
    const { follower, rows } = followRows();
    rows.hold();
    const waiting = follower.current();
    follower.close();
    expect(await codeOf(waiting)).toBe('SANDBOX_CLOSED');
    expect(rows.signals[0]?.aborted).toBe(true);
    expect(await codeOf(follower.current())).toBe('SANDBOX_CLOSED');
    expect(await codeOf(follower.refresh())).toBe('SANDBOX_CLOSED');
  });

  test('ends the polling', async () => {
    const { follower, rows } = followRows();
    await follower.current();
    follower.close();
    const readsSoFar = rows.readCount;
    await delay(50);
    expect(rows.readCount).toBe(readsSoFar);
  });
});
