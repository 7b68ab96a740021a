import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { IdempotencyClaim } from '@sandport/core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseIdempotencyStore } from '../../src/idempotency/database-idempotency-store.ts';
import { buildSettings } from '../database/settings-process.ts';
import { createMigrated, failureOf, type MigratedDatabase } from '../database/test-database.ts';
import { eachDatabase } from '../databases.ts';
import { startClaimProcess } from './claim-process.ts';

const MINUTE_MS = 60_000;

function claimOf(facts: Partial<IdempotencyClaim> = {}): IdempotencyClaim {
  return { keyDigest: 'a'.repeat(64), requestDigest: 'b'.repeat(64), owner: randomUUID(), windowMs: MINUTE_MS, ...facts };
}

beforeAll(buildSettings, 120_000);

describe.each(eachDatabase)('idempotency keys in $kind', ({ create }) => {
  let migrated: MigratedDatabase;
  let store: DatabaseIdempotencyStore;
  let nowMs: number;

  beforeEach(async () => {
    migrated = await createMigrated(create);
    nowMs = 0;
    store = new DatabaseIdempotencyStore(migrated.database, () => nowMs);
  });

  afterEach(() => migrated.remove());

  /** As if the windows of all records had passed. */
  function expireAll(): Promise<unknown> {
    return migrated.database.write({ operation: 'test' }, (transaction) =>
      transaction.updateTable('sandport_idempotency').set({ expires_at_ms: 1 }).execute(),
    );
  }

  function count(): Promise<number> {
    return migrated.database.read(
      { operation: 'test' },
      async (tables) => (await tables.selectFrom('sandport_idempotency').select('owner').execute()).length,
    );
  }

  test('belong to the first who claims them, and everybody else is told of that one', async () => {
    const first = claimOf();
    expect(await store.claim(first)).toBeUndefined();
    const known = { state: 'running', requestDigest: first.requestDigest, owner: first.owner, beat: 0, outcome: undefined };
    expect(await store.claim(claimOf({ requestDigest: 'c'.repeat(64) }))).toEqual(known);
    expect(await store.find(first.keyDigest)).toEqual(known);
    expect(await store.find('d'.repeat(64))).toBeUndefined();
  });

  test('give the outcome that their owner stored', async () => {
    const { keyDigest, owner } = claimOf();
    await store.claim(claimOf({ owner }));
    expect(await store.finish(keyDigest, 'somebody', '{}')).toBe(false);
    expect(await store.finish(keyDigest, owner, '{"value":"ü🎈"}')).toBe(true);
    expect(await store.find(keyDigest)).toMatchObject({ state: 'finished', outcome: '{"value":"ü🎈"}' });
    // What is finished is nobody's any more.
    expect(await store.finish(keyDigest, owner, '{}')).toBe(false);
    expect(await store.beat(keyDigest, owner)).toBe(false);
    expect(await store.release(keyDigest, owner)).toBe(false);
    expect(await store.markLost(keyDigest, { owner, beat: 0 })).toBe(false);
  });

  test('show by their beat that the owner lives, and are lost only if it has not beaten since', async () => {
    const { keyDigest, owner } = claimOf();
    await store.claim(claimOf({ owner }));
    expect([await store.beat(keyDigest, owner), await store.beat(keyDigest, owner), await store.beat(keyDigest, 'somebody')]).toEqual([
      true,
      true,
      false,
    ]);
    expect((await store.find(keyDigest))?.beat).toBe(2);
    expect(await store.markLost(keyDigest, { owner, beat: 1 })).toBe(false);
    expect(await store.markLost(keyDigest, { owner: 'somebody', beat: 2 })).toBe(false);
    expect(await store.markLost(keyDigest, { owner, beat: 2 })).toBe(true);
    expect(await store.find(keyDigest)).toMatchObject({ state: 'lost', beat: 2 });
    expect([await store.beat(keyDigest, owner), await store.finish(keyDigest, owner, '{}')]).toEqual([false, false]);
  });

  test('are free again when their owner lets go of them', async () => {
    const { keyDigest, owner } = claimOf();
    await store.claim(claimOf({ owner }));
    expect(await store.release(keyDigest, 'somebody')).toBe(false);
    expect(await store.release(keyDigest, owner)).toBe(true);
    expect(await store.find(keyDigest)).toBeUndefined();
    expect(await store.claim(claimOf())).toBeUndefined();
  });

  test('are free again when their window has passed, for one of those who come', async () => {
    await store.claim(claimOf({ windowMs: 300 }));
    expect(await store.claim(claimOf())).toBeDefined();
    const deadline = Date.now() + 20_000;
    while ((await store.find(claimOf().keyDigest)) !== undefined && Date.now() < deadline) await delay(20);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.claim(claimOf())));
    expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(1);
  });

  test('hold an outcome of 8 MiB, and no larger one', async () => {
    const { keyDigest, owner } = claimOf();
    await store.claim(claimOf({ owner }));
    const outcome = 'ä'.repeat(4 * 1024 * 1024);
    expect((await failureOf(store.finish(keyDigest, owner, `${outcome}x`))).details).toEqual({ field: 'outcome' });
    expect(await store.finish(keyDigest, owner, outcome)).toBe(true);
    expect((await store.find(keyDigest))?.outcome === outcome).toBe(true);
  });

  test('whose window has passed are removed little by little', async () => {
    await migrated.database.write({ operation: 'test' }, async (transaction) => {
      for (let index = 0; index < 250; index += 1) {
        const row = {
          key_digest: `old-${index}`,
          request_digest: 'r',
          state: 'finished',
          owner: 'o',
          beat: 0,
          expires_at_ms: 1,
          outcome: '{}',
        };
        await transaction.insertInto('sandport_idempotency').values(row).execute();
      }
    });
    const left: number[] = [];
    for (let minute = 0; minute < 4; minute += 1) {
      for (let index = 0; index < 3; index += 1) await store.claim(claimOf({ keyDigest: `new-${minute}-${index}` }));
      left.push(await count());
      nowMs += MINUTE_MS;
    }
    expect(left).toEqual([153, 56, 9, 12]);
  });

  test('that are removed because they are old are none that count', async () => {
    const kept = claimOf({ keyDigest: 'kept' });
    await store.claim(claimOf({ keyDigest: 'old' }));
    await expireAll();
    await store.claim(kept);
    nowMs += MINUTE_MS;
    await store.claim(claimOf({ keyDigest: 'later' }));
    expect(await count()).toBe(2);
    expect((await store.find('kept'))?.owner).toBe(kept.owner);
  });

  test('have one first claim among 40 at one moment, over several connections', async () => {
    const stores = [store, ...[1, 2, 3].map(() => new DatabaseIdempotencyStore(migrated.openAnother()))];
    for (let round = 0; round < 5; round += 1) {
      const claims = Array.from({ length: 40 }, () => claimOf({ keyDigest: `round-${round}` }));
      const outcomes = await Promise.all(claims.map(async (claim, index) => stores[index % stores.length]?.claim(claim)));
      const winners = claims.filter((_, index) => outcomes[index] === undefined);
      expect(winners).toHaveLength(1);
      for (const outcome of outcomes) if (outcome !== undefined) expect(outcome.owner).toBe(winners[0]?.owner);
    }
  });

  test('have one first claim among four processes, for each of 100 keys', async () => {
    const processes = [1, 2, 3, 4].map(() => startClaimProcess(migrated.location, 100));
    await Promise.all(processes.map(({ ready }) => ready));
    for (const { child } of processes) child.stdin.write('go\n');
    const won = (await Promise.all(processes.map(({ won: keys }) => keys))).flat();
    expect(won.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  }, 120_000);

  test.each([
    ['an empty key', { keyDigest: '' }, 'keyDigest'],
    ['a key that no column takes', { keyDigest: 'a'.repeat(65) }, 'keyDigest'],
    ['an owner without a name', { owner: '' }, 'owner'],
    ['a window of no time', { windowMs: 0 }, 'windowMs'],
    ['a window without end', { windowMs: Number.POSITIVE_INFINITY }, 'windowMs'],
  ])('refuse %s', async (_, facts, field) => {
    const error = await failureOf(store.claim(claimOf(facts)));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
  });
});
