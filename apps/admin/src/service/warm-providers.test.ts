import type { SandboxProvider } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WarmProviders } from './warm-providers.ts';

const KEEP_MS = 120_000;

let closed: string[];
let faults: unknown[];
let warm: WarmProviders;

beforeEach(() => {
  vi.useFakeTimers();
  closed = [];
  faults = [];
  warm = new WarmProviders({ keepMs: KEEP_MS, onFault: (error) => faults.push(error) });
});

afterEach(() => {
  vi.useRealTimers();
});

function providerNamed(id: string, close: () => Promise<void> = () => Promise.resolve()): SandboxProvider {
  const provider: Pick<SandboxProvider, 'id' | 'close'> = {
    id,
    close: () => {
      closed.push(id);
      return close();
    },
  };
  return provider as SandboxProvider;
}

describe('a provider that is kept', () => {
  test('is given to the next one, and closed a while after its last use', () => {
    const first = warm.lease('a', () => providerNamed('a'));
    const second = warm.lease('a', () => providerNamed('another a'));
    expect(second.provider).toBe(first.provider);
    first[Symbol.dispose]();
    vi.advanceTimersByTime(2 * KEEP_MS);
    expect(closed).toEqual([]);
    second[Symbol.dispose]();
    second[Symbol.dispose]();
    vi.advanceTimersByTime(KEEP_MS - 1);
    using third = warm.lease('a', () => providerNamed('a third a'));
    expect(third.provider.id).toBe('a');
    vi.advanceTimersByTime(2 * KEEP_MS);
    expect(closed).toEqual([]);
    third[Symbol.dispose]();
    vi.advanceTimersByTime(KEEP_MS);
    expect([closed, warm.size]).toEqual([['a'], 0]);
  });

  test('goes first when it was used longest ago and too many wait', () => {
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) warm.lease(key, () => providerNamed(key))[Symbol.dispose]();
    expect([closed, warm.size]).toEqual([['a', 'b'], 4]);
  });
});

describe('closing', () => {
  test('closes all, used or not, and waits for them', async () => {
    warm.lease('idle', () => providerNamed('idle'))[Symbol.dispose]();
    const used = warm.lease('used', () => providerNamed('used'));
    await warm.close();
    expect(closed).toEqual(['idle', 'used']);
    used[Symbol.dispose]();
    vi.advanceTimersByTime(KEEP_MS);
    expect(closed).toEqual(['idle', 'used']);
    expect(() => warm.lease('idle', () => providerNamed('idle'))).toThrow('The server stops.');
  });

  test('tells of what does not close, and waits no longer than its bound', async () => {
    const fault = new Error('no');
    warm.lease('broken', () => providerNamed('broken', () => Promise.reject(fault)));
    warm.lease('stuck', () => providerNamed('stuck', () => new Promise(() => undefined)));
    const closing = warm.close();
    await vi.advanceTimersByTimeAsync(15_000);
    await closing;
    expect(faults).toMatchObject([fault, { code: 'DEADLINE_EXCEEDED', providerId: 'stuck' }]);
  });
});
