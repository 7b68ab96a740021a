import { USAGE_LATENCY_BOUNDS_MS, type UsageRow } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mergeUsage } from '../../src/usage/merge-usage.ts';
import { DatabaseUsageStore } from '../../src/usage/database-usage-store.ts';
import { createMigrated, failureOf, type MigratedDatabase } from '../database/test-database.ts';
import type { TestDatabase } from '../databases.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BEGIN_MS = 1_700_000_040_000;
const FULL_HOUR_MS = 1_699_999_200_000;
const HOUR = { fromMs: BEGIN_MS, toMs: BEGIN_MS + 60 * MINUTE_MS, stepMs: MINUTE_MS };

function rowOf(facts: Partial<UsageRow> = {}): UsageRow {
  return {
    clientId: 'client-1',
    minuteMs: BEGIN_MS,
    providerId: 'wasm',
    statuses: {},
    errors: {},
    latencyBuckets: [],
    pool: null,
    ...facts,
  };
}

/** Buckets with these counts at these places. */
function buckets(counts: Readonly<Record<number, number>>): number[] {
  return USAGE_LATENCY_BOUNDS_MS.map((_, index) => counts[index] ?? 0);
}

/** What usage keeps to on each database. */
export function describeUsage(kind: string, create: () => Promise<TestDatabase>): void {
  describe(`usage in ${kind}`, () => {
    let migrated: MigratedDatabase;
    let store: DatabaseUsageStore;
    let nowMs: number;

    beforeEach(async () => {
      migrated = await createMigrated(create);
      nowMs = 0;
      store = new DatabaseUsageStore(migrated.database, () => nowMs);
    });

    afterEach(() => migrated.remove());

    function countRows(): Promise<number> {
      return migrated.database.read(
        { operation: 'test' },
        async (tables) => (await tables.selectFrom('sandport_usage').select('client_id').execute()).length,
      );
    }

    test('is given as it was written, also to another program', async () => {
      const counts = {
        statuses: { completed: 7, 'timed-out': 1 },
        errors: { CAPACITY_EXHAUSTED: 2 },
        latencyBuckets: buckets({ 0: 3, 23: 5 }),
        pool: { idle: 1, busy: 2, starting: 3, waiting: 4 },
      };
      await store.write([rowOf(counts)]);
      const { points } = await new DatabaseUsageStore(migrated.openAnother()).read(HOUR);
      expect(points).toEqual([{ atMs: BEGIN_MS, providerId: 'wasm', ...counts }]);
    });

    test('takes the place of what the same client wrote of the same minute, so that nothing counts twice', async () => {
      await store.write([rowOf({ statuses: { completed: 1 } })]);
      const newer = rowOf({ statuses: { completed: 3 }, errors: { INTERNAL: 1 } });
      await store.write([newer]);
      await store.write([newer]);
      expect((await store.read(HOUR)).points).toMatchObject([{ statuses: { completed: 3 }, errors: { INTERNAL: 1 } }]);
      expect(await countRows()).toBe(1);
    });

    test('is added up over clients and over the minutes of a step', async () => {
      await store.write([
        rowOf({ statuses: { completed: 1 }, latencyBuckets: buckets({ 3: 1 }) }),
        rowOf({ minuteMs: BEGIN_MS + MINUTE_MS, statuses: { completed: 2, failed: 1 }, latencyBuckets: buckets({ 3: 1, 4: 2 }) }),
        rowOf({ minuteMs: BEGIN_MS + 5 * MINUTE_MS, errors: { INTERNAL: 1 } }),
        rowOf({ providerId: 'docker', statuses: { killed: 1 } }),
      ]);
      await store.write([rowOf({ clientId: 'client-2', statuses: { completed: 10 }, errors: { CANCELLED: 1 } })]);
      const { points } = await store.read({ ...HOUR, stepMs: 2 * MINUTE_MS });
      expect(points.map(({ atMs, providerId, statuses, errors }) => [atMs - BEGIN_MS, providerId, statuses, errors])).toEqual([
        [0, 'docker', { killed: 1 }, {}],
        [0, 'wasm', { completed: 13, failed: 1 }, { CANCELLED: 1 }],
        [4 * MINUTE_MS, 'wasm', {}, { INTERNAL: 1 }],
      ]);
      expect(points[1]?.latencyBuckets).toEqual(buckets({ 3: 2, 4: 2 }));
    });

    test('has the highest numbers of each pool in a step, and the sum of the pools', async () => {
      const pool = { idle: 1, busy: 5, starting: 0, waiting: 0 };
      await store.write([
        rowOf({ pool }),
        rowOf({ minuteMs: BEGIN_MS + MINUTE_MS, pool: { idle: 4, busy: 2, starting: 0, waiting: 7 } }),
        rowOf({ clientId: 'client-2', pool: { idle: 10, busy: 10, starting: 10, waiting: 10 } }),
        rowOf({ clientId: 'client-3' }),
      ]);
      const { points } = await store.read({ ...HOUR, stepMs: 2 * MINUTE_MS });
      expect(points.map((point) => point.pool)).toEqual([{ idle: 14, busy: 15, starting: 10, waiting: 17 }]);
    });

    test('is the same by hours as by minutes, whoever writes what again', async () => {
      const rows = [0, 1, 59, 60, 61, 150].flatMap((minute, index) =>
        ['client-1', 'client-2'].map((clientId) =>
          rowOf({
            clientId,
            minuteMs: FULL_HOUR_MS + minute * MINUTE_MS,
            providerId: index % 3 === 0 ? 'docker' : 'wasm',
            statuses: { completed: index + 1 },
            errors: minute === 61 ? { INTERNAL: 2 } : {},
            latencyBuckets: buckets({ [index]: index + 1 }),
            pool: minute === 1 ? null : { idle: index, busy: 9 - index, starting: 0, waiting: minute },
          }),
        ),
      );
      // Of each a former one is replaced; some come alone, and some together.
      await store.write(rows.map((row) => ({ ...row, statuses: { killed: 50 }, pool: null })));
      await store.write(rows.slice(0, 5));
      for (const row of rows.slice(5)) await store.write([row]);
      const range = { fromMs: FULL_HOUR_MS - HOUR_MS, toMs: FULL_HOUR_MS + 3 * HOUR_MS };
      const counted = rows.map(({ clientId, minuteMs, providerId, ...counts }) => ({ clientId, minuteMs, providerId, counts }));
      for (const stepMs of [HOUR_MS, 2 * HOUR_MS]) {
        const { points } = await store.read({ ...range, stepMs });
        expect(points).toEqual(mergeUsage(counted, stepMs));
        expect(points.length).toBeGreaterThan(2);
      }
      const first = await store.read({ fromMs: FULL_HOUR_MS, toMs: FULL_HOUR_MS + HOUR_MS, stepMs: HOUR_MS });
      expect(first.points).toEqual(mergeUsage(counted.slice(0, 6), HOUR_MS));
    });

    test('of one client is whole by hours also when several write it at one moment', async () => {
      const stores = [store, ...[1, 2, 3].map(() => new DatabaseUsageStore(migrated.openAnother()))];
      const minutes = Array.from({ length: 16 }, (_, minute) => FULL_HOUR_MS + minute * MINUTE_MS);
      const write = async (minuteMs: number, index: number): Promise<void> => {
        const rows = ['wasm', 'docker'].map((providerId) => rowOf({ minuteMs, providerId, statuses: { completed: 1 } }));
        await stores[index % stores.length]?.write(rows);
      };
      await Promise.all(minutes.map(write));
      const { points } = await store.read({ fromMs: FULL_HOUR_MS, toMs: FULL_HOUR_MS + HOUR_MS, stepMs: HOUR_MS });
      expect(points.map(({ providerId, statuses }) => [providerId, statuses])).toEqual([
        ['docker', { completed: 16 }],
        ['wasm', { completed: 16 }],
      ]);
    });

    test('is given from the first moment on and before the last', async () => {
      for (const minute of [0, 1, 2, 3]) await store.write([rowOf({ minuteMs: BEGIN_MS + minute * MINUTE_MS, errors: { INTERNAL: 1 } })]);
      const range = { fromMs: BEGIN_MS + MINUTE_MS, toMs: BEGIN_MS + 3 * MINUTE_MS, stepMs: MINUTE_MS };
      expect((await store.read(range)).points.map(({ atMs }) => (atMs - BEGIN_MS) / MINUTE_MS)).toEqual([1, 2]);
    });

    test('tells how many clients report now, and of about how many calls', async () => {
      const thisMinuteMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
      const statuses = { completed: 30 };
      for (const clientId of ['client-1', 'client-2']) {
        // Whatever moment of the minute it is now, or if another one begins meanwhile: the last 60 seconds have as many.
        const minutes = [-1, 0, 1].map((minute) => rowOf({ clientId, minuteMs: thisMinuteMs + minute * MINUTE_MS, statuses }));
        await store.write(minutes);
      }
      await store.write([rowOf({ clientId: 'client-3', minuteMs: thisMinuteMs, statuses })]);
      await migrated.database.write({ operation: 'test' }, (transaction) =>
        transaction.updateTable('sandport_usage').set({ reported_at_ms: 1 }).where('client_id', '=', 'client-3').execute(),
      );
      const { clients, callsLastMinute } = await store.read(HOUR);
      expect(clients).toBe(2);
      expect(callsLastMinute).toBeGreaterThanOrEqual(60);
      expect(callsLastMinute).toBeLessThanOrEqual(120);
    });

    test('of more than eight days ago is removed with what comes, and nothing younger', async () => {
      const day = 24 * 60 * MINUTE_MS;
      const today = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
      const ages = [20 * day, 9 * day, 7 * day, 0];
      await store.write(ages.map((age) => rowOf({ minuteMs: today - age, errors: { INTERNAL: 1 } })));
      expect(await countRows()).toBe(4);
      nowMs += MINUTE_MS;
      await store.write([rowOf({ clientId: 'client-2', minuteMs: today })]);
      const { points } = await store.read({ fromMs: 0, toMs: today + MINUTE_MS, stepMs: 30 * day });
      expect(points.reduce((sum, { errors }) => sum + (errors['INTERNAL'] ?? 0), 0)).toBe(2);
      expect(await countRows()).toBe(3);
      const hour = Math.floor(today / HOUR_MS) * HOUR_MS;
      const inHours = await store.read({ fromMs: hour - 30 * day, toMs: hour + HOUR_MS, stepMs: HOUR_MS });
      expect(inHours.points.every(({ atMs }) => atMs > today - 9.1 * day)).toBe(true);
      expect(inHours.points.filter(({ atMs }) => atMs > today - 8 * day).map(({ errors }) => errors)).toEqual([
        { INTERNAL: 1 },
        { INTERNAL: 1 },
      ]);
    });

    test('that another program wrote wrong is told of, and not counted as something', async () => {
      await store.write([rowOf()]);
      await migrated.database.write({ operation: 'test' }, (transaction) =>
        transaction.updateTable('sandport_usage').set({ counts: '{"statuses":{"completed":-1}}' }).execute(),
      );
      const error = await failureOf(store.read(HOUR));
      expect([error.code, error.details]).toEqual(['CONFIG_INVALID', { table: 'sandport_usage' }]);
    });

    test.each<[string, Partial<UsageRow>]>([
      ['clientId', { clientId: '' }],
      ['clientId', { clientId: 'x'.repeat(65) }],
      ['providerId', { providerId: 'a\0b' }],
      ['providerId', { providerId: 'x'.repeat(129) }],
      ['minuteMs', { minuteMs: BEGIN_MS + 1 }],
    ])('with a %s that is none is refused', async (field, facts) => {
      expect((await failureOf(store.write([rowOf(), rowOf(facts)]))).details).toEqual({ field });
      expect(await countRows()).toBe(0);
    });

    test.each([
      ['fromMs', { fromMs: Number.NaN }],
      ['toMs', { toMs: BEGIN_MS }],
      ['stepMs', { stepMs: 0 }],
      ['stepMs', { stepMs: 90_000 }],
      ['stepMs', { fromMs: 0 }],
    ])('is not given for a %s that is none', async (field, range) => {
      const error = await failureOf(store.read({ ...HOUR, ...range }));
      expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
    });

    test('is written by many at one moment', async () => {
      const stores = [store, ...[1, 2, 3].map(() => new DatabaseUsageStore(migrated.openAnother()))];
      await Promise.all(
        Array.from({ length: 24 }, async (_, index) =>
          stores[index % stores.length]?.write([
            rowOf({ clientId: `client-${index % 12}`, statuses: { completed: 1 } }),
            rowOf({ clientId: `client-${index % 12}`, providerId: 'docker', statuses: { failed: 1 } }),
          ]),
        ),
      );
      expect((await store.read(HOUR)).points.map(({ statuses }) => statuses)).toEqual([{ failed: 12 }, { completed: 12 }]);
    });
  });
}
