import { SandboxError, type SandboxErrorCode } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeInstances, fakePool, type FakePool } from './fake-instances.ts';

let engine: FakeInstances;

beforeEach(() => {
  vi.useFakeTimers();
  engine = new FakeInstances();
});

afterEach(() => {
  vi.useRealTimers();
});

/** What a claim comes to, told as it happens. */
function outcomeOf(claim: Promise<unknown>): { error: SandboxError | undefined; isSettled: boolean; settledAt: number } {
  const outcome = { error: undefined as SandboxError | undefined, isSettled: false, settledAt: 0 };
  claim.then(
    () => Object.assign(outcome, { isSettled: true, settledAt: Date.now() }),
    (error: unknown) => {
      if (!SandboxError.isInstance(error)) throw error;
      Object.assign(outcome, { error, isSettled: true, settledAt: Date.now() });
    },
  );
  return outcome;
}

/** Holds an instance for a while, as a call does. */
async function call(pool: FakePool, options: { tenant?: string; holdMs?: number; profile?: string; maxWaitMs?: number } = {}) {
  const claimed = await pool.claim(options.profile ?? 'python', options);
  await new Promise((resolve) => void setTimeout(resolve, options.holdMs ?? 50));
  void pool.discard(claimed.instance);
  return claimed;
}

const someNumber: unknown = expect.any(Number);

function refusal(code: SandboxErrorCode): unknown {
  return expect.objectContaining({ code, retryAfterMs: someNumber });
}

describe('a claim', () => {
  it('takes an instance that is ready, without waiting', async () => {
    const pool = fakePool(engine, { minIdle: 1, maxIdle: 1 });
    pool.keepWarm('python');
    await vi.advanceTimersByTimeAsync(100);
    const claimed = await pool.claim('python');
    expect(claimed).toEqual({ instance: engine.made[0], queueMs: 0, claimMs: 0 });
    expect(pool.describe()).toMatchObject({ busy: 1, idle: 0, counts: { claims: 1, hits: 1, creates: 1 } });
    expect(pool.state()).toEqual({ idle: 0, busy: 1, starting: 0, waiting: 0 });
  });

  it('waits for an instance to be made, and says that this is no waiting for room', async () => {
    const pool = fakePool(engine);
    const claim = pool.claim('python');
    await vi.advanceTimersByTimeAsync(100);
    await expect(claim).resolves.toMatchObject({ queueMs: 0, claimMs: 100 });
  });

  it('waits for room, and says how long that was', async () => {
    const pool = fakePool(engine, { maxInstances: 1 });
    const first = pool.claim('python');
    await vi.advanceTimersByTimeAsync(100);
    const second = pool.claim('python');
    await vi.advanceTimersByTimeAsync(40);
    void pool.discard((await first).instance);
    await vi.advanceTimersByTimeAsync(110);
    await expect(second).resolves.toMatchObject({ queueMs: 50, claimMs: 100 });
  });

  it('is served in the order of arrival', async () => {
    const pool = fakePool(engine, { maxInstances: 2 });
    const served: number[] = [];
    const calls = Array.from({ length: 10 }, (_, index) => call(pool).then(() => void served.push(index)));
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all(calls);
    expect(served).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(engine.mostPresent).toBe(2);
  });

  it('never gets an instance of another profile', async () => {
    const pool = fakePool(engine, { minIdle: 1, maxIdle: 2 });
    pool.keepWarm('python');
    await vi.advanceTimersByTimeAsync(100);
    const claim = pool.claim('javascript');
    await vi.advanceTimersByTimeAsync(100);
    expect((await claim).instance.profile).toBe('javascript');
  });

  it('takes nothing when its signal has fired, and leaves the queue when it fires', async () => {
    const pool = fakePool(engine, { maxInstances: 1 });
    await expect(pool.claim('python', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
    const holder = pool.claim('python');
    await vi.advanceTimersByTimeAsync(100);
    const controller = new AbortController();
    const withdrawn = outcomeOf(pool.claim('python', { signal: controller.signal }));
    const next = pool.claim('python');
    controller.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(withdrawn.error?.code).toBe('CANCELLED');
    void pool.discard((await holder).instance);
    await vi.advanceTimersByTimeAsync(110);
    await expect(next).resolves.toBeDefined();
    expect(pool.describe()).toMatchObject({ waiting: 0, busy: 1 });
  });
});

describe('admission', () => {
  it('refuses at once what cannot be served in time, and says when to come back', async () => {
    const pool = fakePool(engine, { maxInstances: 1 });
    await Promise.all([call(pool, { holdMs: 890 }), vi.advanceTimersByTimeAsync(1_100)]);
    const [inTime, tooLate] = [outcomeOf(call(pool, { holdMs: 890 })), outcomeOf(pool.claim('python', { maxWaitMs: 1_000 }))];
    await vi.advanceTimersByTimeAsync(0);
    expect(inTime.isSettled).toBe(false);
    expect(tooLate.error).toEqual(refusal('CAPACITY_EXHAUSTED'));
    // The first needs 100 ms to be made and 900 ms to go, the second is made after that: 1100 ms, and three times that for caution.
    expect(tooLate.error?.retryAfterMs).toBe(2_300);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(inTime.error).toBeUndefined();
  });

  it('admits whom it knows nothing about, and refuses when the time is over after all', async () => {
    const pool = fakePool(engine, { maxInstances: 1 });
    const holder = pool.claim('python');
    await vi.advanceTimersByTimeAsync(100);
    await holder;
    const waiting = outcomeOf(pool.claim('python', { maxWaitMs: 300 }));
    await vi.advanceTimersByTimeAsync(299);
    expect(waiting.isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(waiting.error).toEqual(refusal('CAPACITY_EXHAUSTED'));
    expect(pool.describe()).toMatchObject({ waiting: 0, counts: { refusals: 1 } });
  });

  it('refuses at once who is not ready to wait at all', async () => {
    const pool = fakePool(engine);
    await expect(pool.claim('python', { maxWaitMs: 0 })).rejects.toEqual(refusal('CAPACITY_EXHAUSTED'));
  });

  it('answers each of a burst: served, or refused at once', async () => {
    const pool = fakePool(engine, { maxInstances: 8, maxQueueLength: 128, queueTimeoutMs: 2_000 });
    await Promise.all([call(pool), vi.advanceTimersByTimeAsync(500)]);
    const arrivedAt = Date.now();
    const outcomes = Array.from({ length: 100 }, () => outcomeOf(call(pool)));
    await vi.advanceTimersByTimeAsync(10);
    const refused = outcomes.filter((outcome) => outcome.error !== undefined);
    expect(refused.length).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(20_000);
    const served = outcomes.filter((outcome) => outcome.error === undefined && outcome.isSettled);
    expect(served.length + refused.length).toBe(100);
    // Two are made in 100 ms, and a pool without experience lets in a third of what it could serve.
    expect(served.length).toBe(12);
    expect(refused.every((outcome) => outcome.settledAt === arrivedAt && (outcome.error?.retryAfterMs ?? 0) > 0)).toBe(true);
  });

  it('bounds the queue, and leaves room in it for another tenant', async () => {
    const pool = fakePool(engine, { maxInstances: 1, maxQueueLength: 8 });
    const flood = Array.from({ length: 20 }, () => outcomeOf(call(pool, { tenant: 'flood' })));
    const other = outcomeOf(call(pool, { tenant: 'other' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(flood.filter((outcome) => outcome.error === undefined)).toHaveLength(6);
    expect(flood.at(-1)?.error).toEqual(refusal('CAPACITY_EXHAUSTED'));
    expect(other.isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(other.error).toBeUndefined();
  });

  it('is not misled by sandboxes that somebody lives in', async () => {
    const pool = fakePool(engine, { maxInstances: 4 });
    const kept = [call(pool, { holdMs: 600_000 }), call(pool, { holdMs: 600_000 }), call(pool, { holdMs: 600_000 })];
    await vi.advanceTimersByTimeAsync(700_000);
    await Promise.all(kept);
    expect(pool.describe().holdMs).toBeNull();
    const calls = Array.from({ length: 12 }, () => outcomeOf(call(pool, { maxWaitMs: 5_000 })));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls.every((outcome) => outcome.isSettled && outcome.error === undefined)).toBe(true);
    expect(pool.describe().holdMs).toBe(60);
  });

  it('refuses at once while every instance is lived in', async () => {
    const pool = fakePool(engine, { maxInstances: 2 });
    void call(pool, { holdMs: 600_000 });
    void call(pool, { holdMs: 600_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(pool.claim('python', { maxWaitMs: 5_000 })).rejects.toEqual(refusal('CAPACITY_EXHAUSTED'));
  });
});

describe('tenants', () => {
  /** How long each call of a quiet tenant waits, alone or beside one with a hundred times its load. */
  async function waitsOfQuietTenant(isCrowded: boolean, minIdle: number, holdMs: number): Promise<number[]> {
    const pool = fakePool(engine, { maxInstances: 8, minIdle, maxIdle: 4, maxQueueLength: 256, queueTimeoutMs: 120_000 });
    if (minIdle > 0) pool.keepWarm('python');
    const waits: number[] = [];
    let isOver = false;
    const flood = async (): Promise<void> => {
      while (!isOver) await call(pool, { tenant: 'flood', holdMs });
    };
    const quiet = async (): Promise<void> => {
      for (let index = 0; index < 60; index += 1) {
        const { queueMs, claimMs } = await call(pool, { tenant: 'quiet' });
        waits.push(queueMs + claimMs);
        await new Promise((resolve) => void setTimeout(resolve, 1_000 + index));
      }
      isOver = true;
    };
    const floods = isCrowded ? Array.from({ length: 100 }, flood) : [];
    const all = Promise.all([quiet(), ...floods]);
    await vi.advanceTimersByTimeAsync(200_000);
    await all;
    await Promise.all([pool.close(), vi.advanceTimersByTimeAsync(1_000)]);
    return waits.toSorted((left, right) => left - right);
  }

  const p95 = (waits: number[]): number => waits[Math.floor(waits.length * 0.95)] ?? Number.NaN;

  it.each([
    [0, 20],
    [0, 2_000],
    [1, 20],
    [1, 500],
    [1, 2_000],
  ])('do not slow each other down by load, with %i kept warm and calls of %i ms', async (minIdle, holdMs) => {
    const alone = p95(await waitsOfQuietTenant(false, minIdle, holdMs));
    const crowded = p95(await waitsOfQuietTenant(true, minIdle, holdMs));
    expect(crowded).toBeLessThanOrEqual(2 * alone);
  });

  it('take turns, so that a long backlog does not hold up a newcomer', async () => {
    const pool = fakePool(engine, { maxInstances: 1 });
    const order: string[] = [];
    const served = (tenant: string) => call(pool, { tenant }).then(() => void order.push(tenant));
    const flood = Array.from({ length: 6 }, () => served('a'));
    await vi.advanceTimersByTimeAsync(100);
    const late = [served('b'), served('b'), served('c')];
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all([...flood, ...late]);
    expect(order.slice(0, 6)).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
  });

  it('may each take the last instance while none of them crowds the others', async () => {
    const pool = fakePool(engine, { minIdle: 1, maxIdle: 2, maxInstances: 4 });
    pool.keepWarm('python');
    for (const tenant of ['a', 'b', 'a', 'b']) {
      await vi.advanceTimersByTimeAsync(500);
      const claimed = await pool.claim('python', { tenant });
      expect(claimed.claimMs).toBe(0);
      void pool.discard(claimed.instance);
    }
  });

  it('that crowds the others still gets all that they do not need', async () => {
    const pool = fakePool(engine, { minIdle: 1, maxIdle: 2, maxInstances: 2 });
    pool.keepWarm('python');
    void call(pool, { tenant: 'quiet' });
    await vi.advanceTimersByTimeAsync(1_000);
    const flood = Array.from({ length: 20 }, () => outcomeOf(call(pool, { tenant: 'flood' })));
    await vi.advanceTimersByTimeAsync(9_000);
    expect(flood.every((outcome) => outcome.isSettled && outcome.error === undefined)).toBe(true);
  });
});
