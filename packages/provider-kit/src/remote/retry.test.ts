import { describe, expect, test } from 'vitest';
import { RemoteFailure, type RemoteFailureFacts } from './remote-failure.ts';
import { parseRetryAfter, retrySafely } from './retry.ts';

const failure = (facts: Partial<RemoteFailureFacts>) =>
  new RemoteFailure({ action: 'RunCommand', kind: 'refused', ...facts }, 'data plane');

/** Fails as often as there are failures, then says how often it was called. */
function failing(...failures: Error[]): () => Promise<number> {
  let calls = 0;
  return () => {
    calls += 1;
    const next = failures[calls - 1];
    return next === undefined ? Promise.resolve(calls) : Promise.reject(next);
  };
}

const quick = { pauseMs: 1, random: () => 0.5 };

describe('retrySafely', () => {
  test('repeats what may pass, as often as it may', async () => {
    expect(await retrySafely(failing(failure({ status: 503 }), failure({ kind: 'unreachable' })), quick)).toBe(3);
    await expect(
      retrySafely(failing(...Array.from({ length: 9 }, () => failure({ status: 503 }))), { ...quick, attempts: 2 }),
    ).rejects.toThrow('503');
  });

  test.each([
    { status: 400 },
    { status: 401 },
    { status: 403 },
    { status: 404 },
    { status: 409 },
    { kind: 'unreachable', code: 'ENOTFOUND' } as const,
  ])('does not repeat after %j', async (facts) => {
    await expect(retrySafely(failing(failure(facts)), quick)).rejects.toThrow();
  });

  test('never repeats what is no failure of the service', async () => {
    await expect(retrySafely(failing(new TypeError('ours')), quick)).rejects.toThrow('ours');
  });

  test('waits as long as it is asked to', async () => {
    const beganAt = performance.now();
    await retrySafely(failing(failure({ status: 429, retryAfterMs: 120 })), quick);
    expect(performance.now() - beganAt).toBeGreaterThan(115);
  });

  test('ends its pause when it is withdrawn', async () => {
    const withdrawal = new AbortController();
    const call = retrySafely(failing(failure({ status: 503 })), { pauseMs: 60_000, maxPauseMs: 60_000, signal: withdrawal.signal });
    withdrawal.abort();
    await expect(call).rejects.toThrow();
  });
});

test('parseRetryAfter reads seconds and dates', () => {
  const now = Date.parse('2026-03-06T12:00:00Z');
  expect(parseRetryAfter('3', now)).toBe(3000);
  expect(parseRetryAfter('Fri, 06 Mar 2026 12:00:05 GMT', now)).toBe(5000);
  expect(parseRetryAfter('Fri, 06 Mar 2026 11:00:00 GMT', now)).toBe(0);
  expect(parseRetryAfter('soon', now)).toBeUndefined();
  expect(parseRetryAfter(null, now)).toBeUndefined();
});
