import type { UsageRow } from '@sandport/core';
import { expect, test } from 'vitest';
import { configure, openSandbox } from './sandbox-under-test.ts';

const MINUTE_MS = 60_000;
const NOW_MS = Date.UTC(2026, 4, 1, 12, 0, 30);
const THIS_MINUTE_MS = Math.floor(NOW_MS / MINUTE_MS) * MINUTE_MS;

function rowOf(clientId: string, minutesAgo: number, facts: Partial<UsageRow> = {}): UsageRow {
  return {
    clientId,
    minuteMs: THIS_MINUTE_MS - minutesAgo * MINUTE_MS,
    providerId: 'wasm',
    statuses: { completed: 4 },
    errors: {},
    // Four calls of at most 10 ms.
    latencyBuckets: [0, 0, 0, 0, 4],
    pool: null,
    ...facts,
  };
}

test('shows what clients have reported, step by step', async () => {
  const sandbox = await openSandbox({ now: () => NOW_MS });
  await sandbox.settings.usage.write([
    rowOf('first', 0, { pool: { idle: 1, busy: 2, starting: 0, waiting: 3 } }),
    rowOf('second', 0, { statuses: { completed: 1, failed: 2 }, errors: { CAPACITY_EXHAUSTED: 5 }, latencyBuckets: [] }),
    rowOf('first', 30, { providerId: 'docker' }),
    rowOf('first', 90),
  ]);
  const usage = await sandbox.call('readUsage', { query: { minutes: 60 } });
  expect([usage.stepMs, usage.toMs]).toEqual([MINUTE_MS, THIS_MINUTE_MS + MINUTE_MS]);
  expect(usage.points.map(({ atMs, providerId }) => [atMs, providerId])).toEqual([
    [THIS_MINUTE_MS - 30 * MINUTE_MS, 'docker'],
    [THIS_MINUTE_MS, 'wasm'],
  ]);
  expect(usage.points[1]).toMatchObject({
    statuses: { completed: 5, failed: 2 },
    errors: { CAPACITY_EXHAUSTED: 5 },
    pool: { idle: 1, busy: 2, starting: 0, waiting: 3 },
  });
  const latency = usage.points[1]?.latency;
  expect(latency?.p50Ms).toBeGreaterThan(6);
  expect(latency?.p95Ms).toBeLessThanOrEqual(10);
  expect(latency?.p95Ms).toBeGreaterThan(latency?.p50Ms ?? 0);
  expect((await sandbox.call('readUsage', { query: { minutes: 5 } })).points).toHaveLength(1);
  expect((await sandbox.call('readUsage', { query: { minutes: 1440 } })).points).toHaveLength(3);
});

test('is empty where nobody has called', async () => {
  const sandbox = await openSandbox({ now: () => NOW_MS });
  expect(await sandbox.call('readUsage')).toMatchObject({ points: [], clients: 0 });
});

test('says of an activation how many programs follow it', async () => {
  const sandbox = await openSandbox();
  await configure(sandbox, 'wasm');
  // Who is there is said by the clock of the database.
  const minuteMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  await sandbox.settings.usage.write([rowOf('first', 0, { minuteMs }), rowOf('second', 0, { minuteMs })]);
  const { followers } = await sandbox.call('foreseeActivation', { params: { version: 1 } });
  expect(followers.clients).toBe(2);
  expect(followers.callsLastMinute).toBeGreaterThan(0);
});
