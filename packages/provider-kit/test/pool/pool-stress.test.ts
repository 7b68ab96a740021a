import { SandboxError } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeInstances, fakePool } from './fake-instances.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A generator of the same numbers, from 0 up to 1, for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CLAIMS = 3_000;
const MAX_CONTAINERS = 6;
const PROFILES = ['python', 'javascript', 'huge'];
const TENANTS = ['a', 'a', 'a', 'a', 'a', 'a', 'b', 'c', 'd'];

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, milliseconds));

describe('thousands of claims with failures, deaths and withdrawals', () => {
  it.each([1, 2, 3, 4])('all come to an end within their time, and the numbers add up (seed %i)', async (seed) => {
    const random = randomFrom(seed);
    const pick = <Item>(items: readonly Item[], fallback: Item): Item => items[Math.floor(random() * items.length)] ?? fallback;
    const engine = new FakeInstances();
    engine.createMs = 40;
    engine.failure = () => (random() < 0.2 ? new SandboxError('PROVIDER_UNAVAILABLE', 'bad luck') : undefined);
    const pool = fakePool(engine, { minIdle: 1, maxIdle: 2, maxInstances: MAX_CONTAINERS, maxQueueLength: 40 });
    pool.keepWarm('python');
    pool.keepWarm('javascript');
    const counts = new Map<string, number>();
    const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
    const inUse = new Set<object>();

    const claimOne = async (): Promise<void> => {
      const controller = new AbortController();
      const maxWaitMs = 50 + Math.floor(random() * 2_000);
      if (random() < 0.1) void sleep(random() * 300).then(() => controller.abort());
      const arrivedAt = Date.now();
      try {
        const { instance, queueMs, claimMs } = await pool.claim(pick(PROFILES, ''), {
          tenant: pick(TENANTS, ''),
          maxWaitMs,
          signal: controller.signal,
        });
        count('served');
        expect(inUse.has(instance) || instance.isGone).toBe(false);
        expect(queueMs + claimMs).toBe(Date.now() - arrivedAt);
        inUse.add(instance);
        await sleep(random() < 0.02 ? 5_000 : random() * 60);
        if (random() < 0.1) instance.die();
        void pool.discard(instance);
      } catch (error) {
        if (!SandboxError.isInstance(error)) throw error;
        count(error.code);
      }
      expect(Date.now() - arrivedAt).toBeLessThanOrEqual(maxWaitMs + 5_000);
    };

    const claims: Promise<void>[] = [];
    for (let index = 0; index < CLAIMS; index += 1) {
      claims.push(claimOne());
      // Calm times and floods take turns.
      await vi.advanceTimersByTimeAsync(random() * (index % 600 < 300 ? 40 : 8));
      if (random() < 0.02) pick(engine.living, undefined)?.die();
    }
    await vi.advanceTimersByTimeAsync(20_000);
    await Promise.all(claims);

    const settled = [...counts.values()].reduce((sum, amount) => sum + amount, 0);
    expect(settled).toBe(CLAIMS);
    expect([...counts.keys()].toSorted()).toEqual(['CANCELLED', 'CAPACITY_EXHAUSTED', 'PROVIDER_UNAVAILABLE', 'served']);
    expect(counts.get('served')).toBeGreaterThan(CLAIMS / 4);
    expect(engine.mostPresent).toBe(MAX_CONTAINERS);
    expect(engine.mostStarting).toBe(2);

    // Quiet again, the pool has what it ought to have, and nothing that it does not know of.
    engine.failure = () => undefined;
    await vi.advanceTimersByTimeAsync(300_000);
    const description = pool.describe();
    expect(description).toMatchObject({ idle: 2, starting: 0, busy: 0, leaving: 0, waiting: 0, total: 2 });
    expect(description.counts.refusals + (counts.get('served') ?? 0)).toBe(CLAIMS);
    expect(description.counts.creates).toBe(engine.made.length);
    expect(engine.living).toHaveLength(2);
    await Promise.all([pool.close(), vi.advanceTimersByTimeAsync(1_000)]);
    expect(engine.present).toBe(0);
  });
});
