import { SandboxError, type PoolState, type SettingsStore } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UsageReporter, type UsageReporterOptions } from '../../src/usage/usage-reporter.ts';
import { MemorySettings } from '../memory-settings.ts';
import { MemoryUsageStore } from './memory-usage-store.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 60_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

function reporterOver(options: Partial<UsageReporterOptions> = {}) {
  const store = new MemoryUsageStore();
  const settings: SettingsStore & { usage?: MemoryUsageStore } = new MemorySettings();
  settings.usage = store;
  const warnings: SandboxError[] = [];
  const reporter = new UsageReporter({
    isWanted: true,
    settings: () => Promise.resolve(settings),
    pools: () => new Map(),
    chosenId: () => undefined,
    warn: (warning) => warnings.push(warning),
    now: () => Date.now(),
    wallClock: () => Date.now(),
    ...options,
  });
  const call = () =>
    reporter.watch(
      () => 'one',
      () => Promise.resolve({ status: 'completed' as const }),
    );
  return { reporter, store, settings, warnings, call };
}

describe('a reporter of calls', () => {
  test('writes nothing while a call goes on, and all of ten seconds at once', async () => {
    const { store, call } = reporterOver();
    for (let index = 0; index < 100; index += 1) await call();
    await vi.advanceTimersByTimeAsync(9999);
    expect(store.writes).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(store.writes.map((rows) => rows.length)).toEqual([1]);
    expect(store.totals()).toEqual({ completed: 100 });
  });

  test('writes nothing where nothing is new', async () => {
    const { store, call } = reporterOver();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(store.writes).toHaveLength(0);
    await call();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(store.writes).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('hands on what a call brought or threw, and counts it with its latency', async () => {
    const { reporter, store } = reporterOver({ chosenId: () => 'chosen' });
    const result = { status: 'failed' as const };
    const slow = async () => {
      await vi.advanceTimersByTimeAsync(150);
      return result;
    };
    expect(await reporter.watch(() => 'one', slow)).toBe(result);
    const failure = new SandboxError('CAPACITY_EXHAUSTED', 'Full.');
    await expect(
      reporter.watch(
        () => 'one',
        () => Promise.reject(failure),
      ),
    ).rejects.toBe(failure);
    await expect(
      reporter.watch(
        () => undefined,
        () => Promise.reject(new TypeError('planted-text')),
      ),
    ).rejects.toThrow(TypeError);
    await expect(
      reporter.watchFailures(
        () => 'one',
        () => Promise.reject(failure),
      ),
    ).rejects.toBe(failure);
    expect(
      await reporter.watchFailures(
        () => 'one',
        () => Promise.resolve(7),
      ),
    ).toBe(7);
    const notCounted = reporter.watch(
      () => 'one',
      () => Promise.reject(failure),
      (code) => code !== 'CAPACITY_EXHAUSTED',
    );
    await expect(notCounted).rejects.toBe(failure);
    await reporter.close();
    const [one, chosen] = [...store.rows.values()];
    expect(one).toMatchObject({ providerId: 'one', statuses: { failed: 1 }, errors: { CAPACITY_EXHAUSTED: 2 } });
    // 150 ms lie between the bounds 102 and 182.
    expect(one?.latencyBuckets.indexOf(1)).toBe(9);
    expect(chosen).toMatchObject({ providerId: 'chosen', statuses: {}, errors: { _OTHER: 1 } });
    expect(JSON.stringify(store.writes)).not.toContain('planted');
  });

  test('counts nobody for a call that came before any provider was known', async () => {
    const { reporter, store } = reporterOver();
    await expect(
      reporter.watch(
        () => undefined,
        () => Promise.reject(new TypeError()),
      ),
    ).rejects.toThrow(TypeError);
    await reporter.close();
    expect(store.writes).toEqual([]);
  });

  test('warns once in an outage, tries again ever more rarely, and loses nothing', async () => {
    const { store, warnings, call } = reporterOver();
    store.failure = new SandboxError('SETTINGS_UNAVAILABLE', 'Down.');
    for (let second = 0; second < 300; second += 1) {
      await call();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(warnings.map(({ code, cause }) => [code, cause])).toEqual([['SETTINGS_UNAVAILABLE', store.failure]]);
    const attempts = store.writes.length;
    expect(attempts).toBeGreaterThanOrEqual(5);
    expect(attempts).toBeLessThan(10);
    store.failure = undefined;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.totals()).toEqual({ completed: 300 });
    expect(store.rows.size).toBeGreaterThanOrEqual(5);
    store.failure = new Error('down again');
    await call();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(warnings).toHaveLength(2);
  });

  test('gives up a write that is not answered, and counts nothing twice when both arrive', async () => {
    const { store, warnings, call } = reporterOver();
    let answer: () => void = () => undefined;
    const signals: (AbortSignal | undefined)[] = [];
    store.beforeWrite = ({ signal }) =>
      new Promise((resolve) => {
        signals.push(signal);
        answer = resolve;
      });
    await call();
    await vi.advanceTimersByTimeAsync(10_000 + 9999);
    expect([warnings.length, signals[0]?.aborted]).toEqual([0, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([warnings.length, signals[0]?.aborted]).toEqual([1, true]);
    answer();
    store.beforeWrite = () => Promise.resolve();
    await call();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.totals()).toEqual({ completed: 2 });
  });

  test('writes the rest when it is closed, and waits for that no longer than two seconds', async () => {
    const { reporter, store, call } = reporterOver();
    await call();
    await reporter.close();
    expect(store.totals()).toEqual({ completed: 1 });
    await call();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.writes).toHaveLength(1);

    const silent = reporterOver();
    silent.store.beforeWrite = () => new Promise(() => undefined);
    await silent.call();
    let isClosed = false;
    const closing = silent.reporter.close().then(() => (isClosed = true));
    await vi.advanceTimersByTimeAsync(1999);
    expect(isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await closing;
    expect(silent.warnings).toHaveLength(1);
  });

  test('ends a write that goes on when it is closed, and writes anew', async () => {
    const { reporter, store, warnings, call } = reporterOver();
    store.beforeWrite = ({ signal }) =>
      store.writes.length > 1
        ? Promise.resolve()
        : new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new SandboxError('CANCELLED', 'Withdrawn.'))));
    await call();
    await vi.advanceTimersByTimeAsync(10_000);
    await reporter.close();
    expect([store.writes.length, warnings, store.totals()]).toEqual([2, [], { completed: 1 }]);
  });

  test('tells what the pools had at most, looking once a second while there are calls', async () => {
    let looks = 0;
    const pool: PoolState = { idle: 1, busy: 0, starting: 0, waiting: 0 };
    const pools = () => {
      looks += 1;
      return new Map([['one', { ...pool, busy: looks === 2 ? 8 : 1 }]]);
    };
    const { store, call, reporter } = reporterOver({ pools });
    for (let index = 0; index < 300; index += 1) {
      await call();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(looks).toBe(3);
    await reporter.close();
    expect([...store.rows.values()].map((row) => row.pool)).toEqual([{ ...pool, busy: 8 }]);
  });

  test('fails no call because a provider cannot tell of its pool', async () => {
    const { store, warnings, call } = reporterOver({
      pools: () => {
        throw new TypeError('broken');
      },
    });
    await call();
    await vi.advanceTimersByTimeAsync(10_000);
    await call();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(warnings.map(({ code }) => code)).toEqual(['INTERNAL']);
    expect(store.totals()).toEqual({ completed: 2 });
  });

  test('asks settings that keep nothing once, and counts no more', async () => {
    const { settings, store, call, warnings } = reporterOver();
    delete settings.usage;
    await call();
    await vi.advanceTimersByTimeAsync(10_000);
    await call();
    expect([vi.getTimerCount(), warnings, store.writes]).toEqual([0, [], []]);
  });

  test('does nothing where it is not wanted', async () => {
    const { store, call, reporter } = reporterOver({ isWanted: false });
    expect(await call()).toEqual({ status: 'completed' });
    expect(vi.getTimerCount()).toBe(0);
    await reporter.close();
    expect(store.writes).toEqual([]);
  });
});
