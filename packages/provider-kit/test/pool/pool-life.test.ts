import { SandboxError } from '@sandport/core';
import type { PoolObserver } from '../../src/admission/pool-observer.ts';
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

const down = (): SandboxError =>
  new SandboxError('PROVIDER_UNAVAILABLE', 'The engine is down.', {
    suggestion: 'Start it.',
    providerId: 'fake',
    operation: 'start instance',
  });

async function refusalOf(claim: Promise<unknown>): Promise<SandboxError> {
  const error: unknown = await claim.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!SandboxError.isInstance(error)) throw new Error('expected a refusal', { cause: error });
  return error;
}

/** Lets time pass until a claim is settled. */
async function settled<Value>(claim: Promise<Value>, milliseconds = 1_000): Promise<Value> {
  const [value] = await Promise.all([claim, vi.advanceTimersByTimeAsync(milliseconds)]);
  return value;
}

async function filledPool(options: Parameters<typeof fakePool>[1] = {}): Promise<FakePool> {
  const pool = fakePool(engine, { minIdle: 2, maxIdle: 4, ...options });
  pool.keepWarm('python');
  await vi.advanceTimersByTimeAsync(1_000);
  return pool;
}

describe('the stock', () => {
  it('is refilled after a claim, but not while a short call may still run', async () => {
    const pool = await filledPool();
    const { instance } = await pool.claim('python');
    await vi.advanceTimersByTimeAsync(99);
    expect(engine.starting).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(engine.starting).toBe(1);
    await settled(pool.discard(instance));
    expect(pool.describe()).toMatchObject({ idle: 2, total: 2 });
  });

  it('is made a few at a time', async () => {
    await filledPool({ minIdle: 4 });
    expect(engine.made).toHaveLength(4);
    expect(engine.mostStarting).toBe(2);
  });

  it('replaces an instance that ends while it waits', async () => {
    const pool = await filledPool();
    for (const instance of engine.living) instance.die();
    expect(pool.describe()).toMatchObject({ idle: 0, counts: { deaths: 2 } });
    await vi.advanceTimersByTimeAsync(500);
    expect(pool.describe()).toMatchObject({ idle: 2, total: 2 });
    const { instance } = await pool.claim('python');
    expect(instance.isGone).toBe(false);
  });

  it('does not take the end of an instance in use for a death', async () => {
    const pool = await filledPool();
    const { instance } = await pool.claim('python');
    instance.die();
    await vi.advanceTimersByTimeAsync(500);
    expect(instance.isGone).toBe(false);
    expect(pool.describe()).toMatchObject({ busy: 1, counts: { deaths: 0 } });
  });

  it('grows with demand, and falls back to the least after a quiet time', async () => {
    engine.createMs = 1_000;
    const pool = await filledPool({ minIdle: 1, maxInstances: 10 });
    for (let index = 0; index < 80; index += 1) {
      void pool.claim('python').then(({ instance }) => pool.discard(instance));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(pool.describe().profiles).toMatchObject([{ idleTarget: 4 }]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(pool.describe().idle).toBe(4);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(pool.describe()).toMatchObject({ idle: 1, total: 1 });
    expect(engine.living).toHaveLength(1);
  });

  it('keeps nothing of a profile that was asked for once, and forgets it', async () => {
    const pool = await filledPool({ minIdle: 1 });
    const { instance } = await settled(pool.claim('huge'));
    await settled(pool.discard(instance));
    await vi.advanceTimersByTimeAsync(200_000);
    expect(pool.describe().profiles.map(({ profile }) => profile)).toEqual(['python']);
    expect(engine.living.map(({ profile }) => profile)).toEqual(['python']);
  });

  it('keeps nothing of a profile whose instances are not to be kept', async () => {
    const pool = fakePool(engine, { minIdle: 1, maxIdle: 4, keepsIdle: () => false });
    pool.keepWarm('python');
    const controller = new AbortController();
    const withdrawn = refusalOf(pool.claim('python', { signal: controller.signal }));
    const claim = pool.claim('python');
    controller.abort();
    await settled(claim, 100);
    expect((await withdrawn).code).toBe('CANCELLED');
    await vi.advanceTimersByTimeAsync(engine.removeMs);
    expect(engine.made).toHaveLength(2);
    expect(pool.describe()).toMatchObject({ busy: 1, total: 1 });
  });

  it('makes room for a profile that somebody waits for', async () => {
    const pool = await filledPool({ maxInstances: 2 });
    expect(pool.describe()).toMatchObject({ idle: 2, total: 2 });
    const { instance, queueMs, claimMs } = await settled(pool.claim('javascript'));
    expect(instance.profile).toBe('javascript');
    expect({ queueMs, claimMs }).toEqual({ queueMs: engine.removeMs, claimMs: engine.createMs });
    expect(engine.living.map(({ profile }) => profile)).toEqual(['python', 'javascript']);
  });

  it('gives up the profile that is asked for least', async () => {
    const pool = fakePool(engine, { minIdle: 1, maxIdle: 1, maxInstances: 2 });
    pool.keepWarm('rare');
    pool.keepWarm('frequent');
    await vi.advanceTimersByTimeAsync(500);
    await settled(pool.discard((await settled(pool.claim('frequent'))).instance));
    await settled(pool.claim('other'));
    expect(engine.living.map(({ profile }) => profile).toSorted()).toEqual(['frequent', 'other']);
  });

  it('fills the least of every profile before more of any', async () => {
    const pool = await filledPool({ minIdle: 1, maxIdle: 4, maxInstances: 4 });
    for (let index = 0; index < 100; index += 1) void pool.claim('python', { maxWaitMs: 1 }).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(10);
    pool.keepWarm('javascript');
    await vi.advanceTimersByTimeAsync(100);
    expect(pool.describe().profiles).toMatchObject([{ profile: 'python' }, { profile: 'javascript', starting: 0, idle: 1 }]);
  });
});

describe('the breaker', () => {
  it('tells one who waits of each failure, and all of them when it opens', async () => {
    engine.failure = down;
    const pool = fakePool(engine, { maxInstances: 8 });
    const refusals = Array.from({ length: 6 }, () => refusalOf(pool.claim('python')));
    await vi.advanceTimersByTimeAsync(250);
    const errors = await Promise.all(refusals);
    expect(errors.every(({ code, suggestion }) => code === 'PROVIDER_UNAVAILABLE' && suggestion === 'Start it.')).toBe(true);
    expect(errors.filter(({ message }) => message === 'The engine is down.')).toHaveLength(3);
    expect(errors.at(-1)?.message).toBe('No instance can be made at present: The engine is down.');
    expect(errors.at(-1)?.cause).toMatchObject({ message: 'The engine is down.' });
    expect(pool.describe().profiles[0]?.breaker).toMatchObject({ state: 'open', reason: 'The engine is down.' });
  });

  it('refuses new claims at once with the cause and a time, and makes nothing meanwhile', async () => {
    engine.failure = down;
    const pool = await filledPool();
    const begun = engine.begun.length;
    const { nextProbeMs } = pool.describe().profiles[0]?.breaker ?? { nextProbeMs: 0 };
    const error = await refusalOf(pool.claim('python'));
    expect(error).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      retryAfterMs: Math.max(100, nextProbeMs),
      cause: { message: 'The engine is down.' },
    });
    expect(engine.begun).toHaveLength(begun);
  });

  it('hands out what is ready all the same', async () => {
    const pool = await filledPool();
    engine.failure = down;
    await pool.claim('python');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(pool.describe().profiles[0]?.breaker.state).not.toBe('closed');
    await expect(pool.claim('python')).resolves.toMatchObject({ claimMs: 0 });
  });

  it('opens at once for what only an operator can mend', async () => {
    engine.failure = () => new SandboxError('RUNTIME_MISSING', 'No image.', { details: { image: 'x' } });
    const pool = fakePool(engine);
    const [first, second] = [refusalOf(pool.claim('python')), refusalOf(pool.claim('python'))];
    await vi.advanceTimersByTimeAsync(100);
    expect((await first).message).toBe('No image.');
    expect(await second).toMatchObject({ code: 'RUNTIME_MISSING', details: { image: 'x' } });
    expect(pool.describe().profiles[0]?.breaker.state).toBe('open');
  });

  it('concerns one profile only', async () => {
    const pool = fakePool(engine);
    engine.failure = () => new SandboxError('RUNTIME_MISSING', 'No image.');
    await settled(refusalOf(pool.claim('javascript')));
    engine.failure = () => undefined;
    await expect(settled(pool.claim('python'))).resolves.toBeDefined();
    expect((await refusalOf(pool.claim('javascript', { maxWaitMs: 1 }))).code).toBeDefined();
  });

  it('lets one claim through as a probe after the pause, and closes when it succeeds', async () => {
    engine.failure = down;
    const pool = fakePool(engine);
    for (let index = 0; index < 3; index += 1) await settled(refusalOf(pool.claim('python')), 100);
    await vi.advanceTimersByTimeAsync(500);
    const begun = engine.begun.length;
    engine.failure = () => undefined;
    const probe = pool.claim('python');
    expect((await refusalOf(pool.claim('python'))).code).toBe('PROVIDER_UNAVAILABLE');
    await settled(probe);
    expect(engine.begun).toHaveLength(begun + 1);
    expect(pool.describe().profiles[0]?.breaker).toMatchObject({ state: 'closed', failures: 0, reason: null });
  });

  it('is back to size within five seconds of the end of a long outage, by itself', async () => {
    const pool = await filledPool();
    engine.failure = down;
    for (const instance of engine.living) instance.die();
    await vi.advanceTimersByTimeAsync(600_000);
    const tries = pool.describe().counts.createFailures;
    expect(tries).toBeGreaterThan(200);
    expect(tries).toBeLessThan(400);
    expect(pool.describe()).toMatchObject({ idle: 0, total: 0 });
    engine.failure = () => undefined;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(pool.describe()).toMatchObject({ idle: 2, total: 2 });
  });
});

describe('close', () => {
  it('settles everybody and removes everything, whatever is going on', async () => {
    const pool = await filledPool({ maxInstances: 3 });
    const { instance } = await pool.claim('python');
    await vi.advanceTimersByTimeAsync(150);
    const waiting = [refusalOf(pool.claim('javascript')), refusalOf(pool.claim('javascript'))];
    await settled(pool.close());
    expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual(['SANDBOX_CLOSED', 'SANDBOX_CLOSED']);
    expect(instance.isGone).toBe(true);
    expect(engine.present).toBe(0);
    expect((await refusalOf(pool.claim('python'))).code).toBe('SANDBOX_CLOSED');
    await pool.discard(instance);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(engine.present).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer when there is nothing to do', async () => {
    await filledPool();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an observer', () => {
  it('is told of everything that happens', async () => {
    const told: unknown[] = [];
    const note =
      (what: string) =>
      (facts: object): void =>
        void told.push({ what, ...facts });
    const observer: PoolObserver = {
      claimed: note('claimed'),
      refused: note('refused'),
      created: note('created'),
      createFailed: note('createFailed'),
      died: note('died'),
      breakerChanged: note('breakerChanged'),
    };
    const pool = fakePool(engine, { observer });
    const claim = settled(pool.claim('python', { tenant: 'a' }));
    await claim;
    engine.failure = () => new SandboxError('RUNTIME_MISSING', 'No image.');
    const error = await settled(refusalOf(pool.claim('python', { tenant: 'b' })));
    expect(told).toEqual([
      { what: 'created', profile: 'python', durationMs: 100 },
      { what: 'claimed', profile: 'python', tenant: 'a', queueMs: 0, claimMs: 100, hit: false },
      { what: 'createFailed', profile: 'python', durationMs: 100, error },
      { what: 'breakerChanged', profile: 'python', state: 'open', reason: error },
      { what: 'refused', profile: 'python', tenant: 'b', error, waitedMs: 100 },
    ]);
  });
});
