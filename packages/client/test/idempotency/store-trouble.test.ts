import { getEventListeners } from 'node:events';
import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../failure-of.ts';
import { completedResult } from '../value/sample-result.ts';
import type { MemoryIdempotencyStore, StoreOperation } from './memory-idempotency-store.ts';
import { gate, IMPATIENT, QUICK, setUpCalls } from './once-call.ts';

const down = new SandboxError('SETTINGS_UNAVAILABLE', 'The database is down.');
const never = () => new Promise<void>(() => undefined);

/** Lets the first so many of an operation fail, before or after they are done. */
function breakDown(
  store: MemoryIdempotencyStore,
  when: 'before' | 'after',
  operation: StoreOperation,
  count = Infinity,
  failure: Error = down,
): void {
  let left = count;
  store[when] = (name) => {
    if (name !== operation || left === 0) return Promise.resolve();
    left -= 1;
    return Promise.reject(failure);
  };
}

describe('a claim that fails', () => {
  test('ends the call, and nothing is run', async () => {
    const { store, counted, call, warnings } = setUpCalls();
    breakDown(store, 'before', 'claim');
    expect(await failureOf(call())).toBe(down);
    expect([counted.runs, warnings]).toEqual([0, []]);
  });

  test('with something that is no SandboxError is told as an outage, with its cause', async () => {
    const { store, counted, call } = setUpCalls();
    const fault = new TypeError('a fault of the store');
    breakDown(store, 'before', 'claim', 1, fault);
    const error = await failureOf(call());
    expect([error.code, error.operation, error.cause, counted.runs]).toEqual(['SETTINGS_UNAVAILABLE', 'claimIdempotencyKey', fault, 0]);
  });

  test('only in its answer is taken back, so that the key is not lost', async () => {
    const { store, counted, call } = setUpCalls();
    breakDown(store, 'after', 'claim', 1);
    expect(await failureOf(call())).toBe(down);
    await expect.poll(() => store.records.size, { interval: 2 }).toBe(0);
    expect((await call()).replayed).toBe(false);
    expect(counted.runs).toBe(1);
  });

  test('by not being answered in time ends the call, and is taken back when it is recorded late', async () => {
    const { store, counted, call } = setUpCalls();
    const { opened, open } = gate();
    store.before = (name) => (name === 'claim' ? opened : Promise.resolve());
    const error = await failureOf(call({ timing: { ...QUICK, storeTimeoutMs: 20 } }));
    expect([error.code, error.retryable, counted.runs]).toEqual(['SETTINGS_UNAVAILABLE', true, 0]);
    open();
    await expect.poll(() => store.countOf('release'), { interval: 2 }).toBe(1);
    await expect.poll(() => store.records.size, { interval: 2 }).toBe(0);
  });

  test('because its caller withdrew it leaves the key of another call alone', async () => {
    const { store, call } = setUpCalls();
    const { opened, open } = gate();
    const first = call({ run: () => opened.then(() => completedResult(1)) });
    const controller = new AbortController();
    const { opened: answered, open: answer } = gate();
    store.after = (name) => (name === 'claim' ? answered : Promise.resolve());
    const later = failureOf(call({ signal: controller.signal }));
    controller.abort();
    expect((await later).code).toBe('CANCELLED');
    answer();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([store.countOf('release'), store.record?.state]).toEqual([0, 'running']);
    open();
    expect((await first).replayed).toBe(false);
  });

  test('and cannot be taken back is told of when it is known to be recorded', async () => {
    const { store, call, warnings } = setUpCalls();
    const { opened, open } = gate();
    const controller = new AbortController();
    store.after = (name) => (name === 'claim' ? opened : Promise.resolve());
    store.before = (name) => (name === 'release' ? Promise.reject(down) : Promise.resolve());
    const withdrawn = failureOf(call({ signal: controller.signal }));
    await expect.poll(() => store.records.size, { interval: 2 }).toBe(1);
    controller.abort();
    expect((await withdrawn).code).toBe('CANCELLED');
    open();
    await expect
      .poll(() => warnings.map(({ operation, cause }) => [operation, cause]), { interval: 2 })
      .toEqual([['releaseIdempotencyKey', down]]);
  });
});

describe('an outcome that cannot be stored', () => {
  test('is given to its own caller with a warning, and is lost in time for others', async () => {
    const { store, counted, call, warnings } = setUpCalls();
    breakDown(store, 'before', 'finish');
    expect(await call({ timing: { ...QUICK, keepMs: 20 } })).toMatchObject({ status: 'completed', replayed: false });
    expect(warnings.map(({ code, operation, cause }) => [code, operation, cause])).toEqual([['SETTINGS_UNAVAILABLE', 'keepOutcome', down]]);
    expect(store.countOf('finish')).toBeGreaterThan(1);
    expect((await failureOf(call({ timing: IMPATIENT }))).code).toBe('IDEMPOTENT_CALL_LOST');
    expect(counted.runs).toBe(1);
  });

  test('is an error like any other for a call that failed', async () => {
    const { store, call, warnings } = setUpCalls();
    breakDown(store, 'before', 'finish');
    const failure = new SandboxError('RESPONSE_INVALID', 'no');
    const run = (started: () => unknown) => {
      started();
      return Promise.reject(failure);
    };
    expect(await failureOf(call({ run, timing: { ...QUICK, keepMs: 10 } }))).toBe(failure);
    expect(warnings).toHaveLength(1);
  });

  test('at first is stored by another try', async () => {
    const { store, call, warnings } = setUpCalls();
    breakDown(store, 'before', 'finish', 2);
    expect((await call()).replayed).toBe(false);
    expect((await call()).replayed).toBe(true);
    expect([store.countOf('finish'), warnings]).toEqual([3, []]);
  });

  test('but only its answer was lost is known to be stored', async () => {
    const { store, call, warnings } = setUpCalls();
    breakDown(store, 'after', 'finish', 1);
    expect((await call()).replayed).toBe(false);
    expect([store.record?.state, store.countOf('finish'), warnings]).toEqual(['finished', 2, []]);
  });

  test('for a reason that stays is not tried again', async () => {
    const { store, call, warnings } = setUpCalls();
    const mismatch = new SandboxError('SETTINGS_SCHEMA_MISMATCH', 'no such table');
    breakDown(store, 'before', 'finish', Infinity, mismatch);
    expect((await call()).replayed).toBe(false);
    expect([store.countOf('finish'), warnings.map(({ cause }) => cause)]).toEqual([1, [mismatch]]);
  });

  test('because the database never answers does not hold the result up for good', async () => {
    const { store, call, warnings } = setUpCalls();
    store.before = (name) => (name === 'finish' ? never() : Promise.resolve());
    expect((await call({ timing: { ...QUICK, keepMs: 30 } })).replayed).toBe(false);
    expect(warnings.map(({ operation }) => operation)).toEqual(['keepOutcome']);
  });

  test('because another call took this one for dead is told of', async () => {
    const { store, call, warnings } = setUpCalls();
    const result = await call({
      run: async (started) => {
        started();
        const [digest = '', record] = [...store.records][0] ?? [];
        if (record !== undefined) store.records.set(digest, { ...record, state: 'lost' });
        await Promise.resolve();
        return completedResult('mine');
      },
    });
    expect(result).toMatchObject({ value: 'mine', replayed: false });
    expect(warnings.map(({ code }) => code)).toEqual(['IDEMPOTENT_CALL_LOST']);
    expect((await failureOf(call())).code).toBe('IDEMPOTENT_CALL_LOST');
  });
});

describe('a key that cannot be given back', () => {
  test('is told of, and the call fails with its own error', async () => {
    const { store, call, warnings } = setUpCalls();
    breakDown(store, 'before', 'release');
    const refusal = new SandboxError('CAPACITY_EXHAUSTED', 'full');
    expect(await failureOf(call({ run: () => Promise.reject(refusal) }))).toBe(refusal);
    expect(warnings.map(({ operation, cause }) => [operation, cause])).toEqual([['releaseIdempotencyKey', down]]);
  });
});

describe('a sign of life', () => {
  test('that fails is followed by others', async () => {
    const { store, call, warnings } = setUpCalls();
    breakDown(store, 'before', 'beat', 3);
    await call({
      run: async () => {
        await expect.poll(() => store.record?.beat, { interval: 2 }).toBeGreaterThan(1);
        return completedResult(1);
      },
    });
    expect(warnings).toEqual([]);
  });

  test('that nobody wants to hear any more is the last', async () => {
    const { store, call } = setUpCalls();
    await call({
      run: async () => {
        store.records.clear();
        await expect.poll(() => store.countOf('beat'), { interval: 2 }).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return completedResult(1);
      },
    });
    expect(store.countOf('beat')).toBe(1);
  });
});

describe('a first caller that withdraws', () => {
  test('before its program started frees the key', async () => {
    const { store, call, warnings } = setUpCalls();
    const controller = new AbortController();
    const cancelled = new SandboxError('CANCELLED', 'The provider saw the abort.');
    const run = () => {
      controller.abort();
      return Promise.reject(cancelled);
    };
    expect(await failureOf(call({ signal: controller.signal, run }))).toBe(cancelled);
    expect([store.records.size, warnings]).toEqual([0, []]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test.each(['before the outcome is stored', 'while the outcome is stored'])(
    '%s has its result, and the storing goes on',
    async (moment) => {
      const { store, call } = setUpCalls();
      const controller = new AbortController();
      const { opened, open } = gate();
      store.before = async (name) => {
        if (name !== 'finish') return;
        controller.abort();
        await opened;
      };
      const run = () => {
        if (moment.startsWith('before')) controller.abort();
        return Promise.resolve(completedResult('mine'));
      };
      const result = await call({
        signal: controller.signal,
        run,
        timing: { ...QUICK, keepMs: 60_000, storeTimeoutMs: 60_000, withdrawnMs: 10 },
      });
      expect([result.replayed, store.record?.state]).toEqual([false, 'running']);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
      const beats = store.countOf('beat');
      await expect.poll(() => store.countOf('beat'), { interval: 2 }).toBeGreaterThan(beats);
      open();
      await expect.poll(() => store.record?.state, { interval: 2 }).toBe('finished');
      expect((await call()).replayed).toBe(true);
    },
  );
});
