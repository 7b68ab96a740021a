import { expect, test } from 'vitest';
import { clockOf } from './clock-of.ts';

const told = { queueMs: 30, claimMs: 50, startMs: 5, runMs: 100, collectMs: 10, totalMs: 195 };

test('the making of a sandbox counts as it was seen here, with the executor’s word for how much of it was waiting', () => {
  const clock = clockOf(told, { makingMs: 90, waitedMs: 7, elapsedMs: 150 });
  expect(clock).toEqual({ queueMs: 37, claimMs: 60, startMs: 5, runMs: 100, collectMs: 10, totalMs: 240 });
});

test('no later call counts it again', () => {
  expect(clockOf(told, { makingMs: 0, waitedMs: 0, elapsedMs: 150 })).toMatchObject({ queueMs: 0, claimMs: 0, totalMs: 150 });
});

test('phases that an executor makes longer than the whole are cut to it', () => {
  const { startMs, runMs, collectMs, totalMs } = clockOf({ ...told, runMs: 1000 }, { makingMs: 0, waitedMs: 10, elapsedMs: 60 });
  expect([startMs + runMs + collectMs, totalMs]).toEqual([50, 60]);
});
