import { getEventListeners } from 'node:events';
import { SandboxError } from '@sandport/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { callerKeyDigest } from '../../src/idempotency/caller-key.ts';
import { failureOf } from '../failure-of.ts';
import { completedResult } from '../value/sample-result.ts';
import type { MemoryIdempotencyStore, StoreOperation } from './memory-idempotency-store.ts';
import { gate, IMPATIENT, QUICK, setUpCalls } from './once-call.ts';

const KEY = callerKeyDigest('acme', 'order-1');

/** A first call whose process has died. */
const leaveBehind = (store: MemoryIdempotencyStore) =>
  store.claim({ keyDigest: KEY, requestDigest: 'digest', owner: 'somebody who died', windowMs: 60_000 });

const outage = () => Promise.reject(new SandboxError('SETTINGS_UNAVAILABLE', 'The database is down.'));

describe('a first call whose process died', () => {
  test('is lost: the program is not run again until the window has passed', async () => {
    const { store, counted, call } = setUpCalls();
    await leaveBehind(store);
    const error = await failureOf(call({ timing: IMPATIENT }));
    expect([error.code, store.record?.state, counted.runs]).toEqual(['IDEMPOTENT_CALL_LOST', 'lost', 0]);
    const looks = store.countOf('find');
    expect((await failureOf(call())).code).toBe('IDEMPOTENT_CALL_LOST');
    expect(store.countOf('find')).toBe(looks);
    store.timeMs = 60_000;
    expect((await call()).replayed).toBe(false);
  });

  test('is found lost by everybody who waits', async () => {
    const { store, counted, call } = setUpCalls();
    await leaveBehind(store);
    const errors = await Promise.all(Array.from({ length: 5 }, () => failureOf(call({ timing: IMPATIENT }))));
    expect([new Set(errors.map(({ code }) => code)), counted.runs]).toEqual([new Set(['IDEMPOTENT_CALL_LOST']), 0]);
  });

  test('asked for something else: that is said, and it is left alone', async () => {
    const { store, call } = setUpCalls();
    await leaveBehind(store);
    expect((await failureOf(call({ requestDigest: 'another', timing: IMPATIENT }))).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(store.record?.state).toBe('running');
  });
});

describe('a first call that takes long', () => {
  test('is not taken for dead as long as it beats', async () => {
    const { store, call, warnings } = setUpCalls();
    const timing = { ...IMPATIENT, silenceMs: 300, beatMs: 5 };
    const first = call({
      timing,
      run: async (started) => {
        started();
        await new Promise((resolve) => setTimeout(resolve, 600));
        return completedResult('late');
      },
    });
    const [own, later] = await Promise.all([first, call({ timing })]);
    expect([own.replayed, later.replayed, store.countOf('markLost'), warnings]).toEqual([false, true, 0, []]);
  });

  test('and shows a sign of life just when it would be given up is waited for', async () => {
    const { store, call, counted } = setUpCalls();
    await leaveBehind(store);
    let isRevived = false;
    store.before = async (operation) => {
      if (operation !== 'markLost' || isRevived) return;
      isRevived = true;
      await store.beat(KEY, 'somebody who died');
      await store.finish(KEY, 'somebody who died', '{"version":1,"kind":"not-kept"}');
    };
    const error = await failureOf(call({ timing: IMPATIENT }));
    expect([isRevived, store.record?.state, error.details, counted.runs]).toEqual([true, 'finished', { hasRun: true }, 0]);
  });

  test('is waited for as long as the caller wants, and goes on', async () => {
    const { counted, call } = setUpCalls();
    const { opened, open } = gate();
    const first = call({ run: () => opened.then(() => completedResult(1)) });
    expect((await failureOf(call({ waitTimeoutMs: 20 }))).code).toBe('DEADLINE_EXCEEDED');
    expect((await failureOf(call({ waitTimeoutMs: 0 }))).code).toBe('DEADLINE_EXCEEDED');
    open();
    expect((await first).replayed).toBe(false);
    expect((await call({ waitTimeoutMs: 0 })).replayed).toBe(true);
    expect(counted.runs).toBe(1);
  });
});

describe('clocks', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('a jump of the wall clock changes nothing', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { store, call, counted } = setUpCalls();
    const { opened, open } = gate();
    const first = call({ run: () => opened.then(() => completedResult(1)) });
    const later = call();
    for (const year of ['2099', '1999', '2026']) {
      vi.setSystemTime(new Date(`${year}-01-01T00:00:00Z`));
      const looks = store.countOf('find');
      await vi.waitFor(() => expect(store.countOf('find')).toBeGreaterThan(looks + 2));
    }
    open();
    expect([(await first).replayed, (await later).replayed, counted.runs]).toEqual([false, true, 1]);
  });

  test('a machine that slept has heard no silence: it takes as many looks as ever to find a call dead', async () => {
    const { store, call } = setUpCalls();
    await leaveBehind(store);
    let timeMs = 0;
    const now = () => (timeMs += 3_600_000);
    const error = await failureOf(call({ now, waitTimeoutMs: Number.MAX_SAFE_INTEGER, timing: QUICK }));
    expect(error.code).toBe('IDEMPOTENT_CALL_LOST');
    // 15 s of silence, of which one look adds at most one.
    expect(store.countOf('find')).toBe(15);
  });

  test('a call that slept past its deadline ends', async () => {
    const { store, call } = setUpCalls();
    await leaveBehind(store);
    let timeMs = 0;
    store.after = () => {
      timeMs += 3_600_000;
      return Promise.resolve();
    };
    expect((await failureOf(call({ now: () => timeMs, waitTimeoutMs: 3_600_001 }))).code).toBe('DEADLINE_EXCEEDED');
  });
});

describe('a database that is down while a call waits', () => {
  /** Breaks the first looks. */
  const breakLooks = (store: MemoryIdempotencyStore, count: number, operation: StoreOperation = 'find') => {
    let left = count;
    store.before = (name) => {
      if (name !== operation || left === 0) return Promise.resolve();
      left -= 1;
      return outage();
    };
  };

  test('is put up with for a while, and the outcome is then found', async () => {
    const { store, call } = setUpCalls();
    breakLooks(store, 5);
    const { opened, open } = gate();
    const first = call({ run: () => opened.then(() => completedResult(1)) });
    const later = call();
    await expect.poll(() => store.countOf('find'), { interval: 2 }).toBeGreaterThan(6);
    open();
    expect([(await first).replayed, (await later).replayed]).toEqual([false, true]);
  });

  test('now and then is neither taken for a silence of the first call nor for one long outage', async () => {
    const { store, call } = setUpCalls();
    await leaveBehind(store);
    // Every second look fails, so that no silence is ever heard out.
    let looks = 0;
    store.before = (operation) => {
      if (operation !== 'find') return Promise.resolve();
      looks += 1;
      return looks % 2 === 0 ? outage() : Promise.resolve();
    };
    const error = await failureOf(call({ timing: { ...IMPATIENT, silenceMs: 40, lookMs: 10, outageMs: 100 }, waitTimeoutMs: 400 }));
    expect([error.code, store.countOf('markLost'), looks > 5]).toEqual(['DEADLINE_EXCEEDED', 0, true]);
  });

  test('for long ends the call, which may be sent again', async () => {
    const { store, call, counted } = setUpCalls();
    await leaveBehind(store);
    breakLooks(store, Infinity);
    const error = await failureOf(call({ timing: { ...QUICK, outageMs: 30 } }));
    expect([error.code, error.retryable, counted.runs]).toEqual(['SETTINGS_UNAVAILABLE', true, 0]);
  });

  test('just when a call is to be marked as lost makes no verdict of it', async () => {
    const { store, call } = setUpCalls();
    await leaveBehind(store);
    breakLooks(store, 2, 'markLost');
    expect((await failureOf(call({ timing: IMPATIENT }))).code).toBe('IDEMPOTENT_CALL_LOST');
    expect(store.countOf('markLost')).toBe(3);
  });

  test.each(['find', 'markLost'] as const)('for good, as %s says, is an error at once', async (operation) => {
    const { store, call } = setUpCalls();
    await leaveBehind(store);
    const mismatch = new SandboxError('SETTINGS_SCHEMA_MISMATCH', 'no such table');
    store.before = (name) => (name === operation ? Promise.reject(mismatch) : Promise.resolve());
    expect(await failureOf(call({ timing: IMPATIENT }))).toBe(mismatch);
  });

  test('and never answers a look is asked again', async () => {
    const { store, call } = setUpCalls();
    const { opened, open } = gate();
    const first = call({ run: () => opened.then(() => completedResult(1)) });
    store.before = (operation) => (operation === 'find' && store.countOf('find') < 3 ? new Promise(() => undefined) : Promise.resolve());
    const later = call({ timing: { ...QUICK, storeTimeoutMs: 20 } });
    await expect.poll(() => store.countOf('find'), { interval: 2 }).toBeGreaterThan(3);
    open();
    expect([(await first).replayed, (await later).replayed]).toEqual([false, true]);
  });
});

describe('a caller that withdraws', () => {
  test('before its call asks nothing', async () => {
    const { store, counted, call } = setUpCalls();
    const error = await failureOf(call({ signal: AbortSignal.abort('enough') }));
    expect([error.code, error.cause, store.operations, counted.runs]).toEqual(['CANCELLED', 'enough', [], 0]);
  });

  test.each(['claim', 'find', 'markLost'] as const)('during %s gets an answer at once, and runs nothing', async (operation) => {
    const { store, counted, call } = setUpCalls();
    await leaveBehind(store);
    const controller = new AbortController();
    store.before = (name) => {
      if (name !== operation) return Promise.resolve();
      controller.abort('enough');
      return new Promise(() => undefined);
    };
    const error = await failureOf(call({ signal: controller.signal, timing: { ...IMPATIENT, storeTimeoutMs: 60_000 } }));
    expect([error.code, error.cause, counted.runs]).toEqual(['CANCELLED', 'enough', 0]);
    expect(store.signals.at(-1)?.aborted).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(store.record?.state).toBe('running');
  });

  test('between two looks gets an answer at once, and leaves the first call alone', async () => {
    const { counted, call } = setUpCalls();
    const { opened, open } = gate();
    const first = call({ run: () => opened.then(() => completedResult(1)) });
    const controller = new AbortController();
    const later = failureOf(call({ signal: controller.signal, timing: { ...QUICK, pollMinMs: 60_000 } }));
    setTimeout(() => controller.abort('enough'), 20);
    const error = await later;
    expect([error.code, error.cause]).toEqual(['CANCELLED', 'enough']);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    open();
    expect([(await first).replayed, counted.runs]).toEqual([false, 1]);
  });
});
