import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseSessionStore } from '../../src/sessions/database-session-store.ts';
import { createMigrated, failureOf, type MigratedDatabase } from '../database/test-database.ts';
import { eachDatabase } from '../databases.ts';

const KEY = 'a'.repeat(64);
const FACTS = { providerId: 'alpha', configDigest: 'c'.repeat(64), sandboxId: 'sandbox-1', language: 'python' as const };
const SESSION = { ...FACTS, rememberMs: 60_000 };

describe.each(eachDatabase)('sessions in $kind', ({ create }) => {
  let migrated: MigratedDatabase;
  let store: DatabaseSessionStore;
  let nowMs: number;

  beforeEach(async () => {
    migrated = await createMigrated(create);
    nowMs = 0;
    store = new DatabaseSessionStore(migrated.database, () => nowMs);
  });

  afterEach(() => migrated.remove());

  function expireAll(): Promise<unknown> {
    return migrated.database.write({ operation: 'test' }, (transaction) =>
      transaction.updateTable('sandport_sessions').set({ expires_at_ms: 1 }).execute(),
    );
  }

  async function revisionOf(session: Promise<{ readonly revision: number } | undefined>): Promise<number> {
    const revision = (await session)?.revision;
    if (revision === undefined) throw new Error('the session was not stored');
    return revision;
  }

  test('are found as they were stored, also by another process', async () => {
    const stored = await store.replace(KEY, undefined, SESSION);
    expect(stored).toEqual({ ...FACTS, revision: expect.any(Number) as number });
    expect(await new DatabaseSessionStore(migrated.openAnother()).find(KEY)).toEqual(stored);
    expect(await store.find('b'.repeat(64))).toBeUndefined();
  });

  test('are replaced only by those who know the newest revision', async () => {
    const first = await revisionOf(store.replace(KEY, undefined, SESSION));
    expect(await store.replace(KEY, undefined, SESSION)).toBeUndefined();
    const second = await revisionOf(store.replace(KEY, first, { ...SESSION, sandboxId: 'sandbox-2', language: 'javascript' }));
    expect(second).not.toBe(first);
    expect(await store.replace(KEY, first, { ...SESSION, sandboxId: 'sandbox-3' })).toBeUndefined();
    expect(await store.find(KEY)).toMatchObject({ sandboxId: 'sandbox-2', language: 'javascript', revision: second });
  });

  test('are removed only by those who know the newest revision', async () => {
    const first = await revisionOf(store.replace(KEY, undefined, SESSION));
    const second = await revisionOf(store.replace(KEY, first, SESSION));
    expect(await store.remove(KEY, first)).toBe(false);
    expect(await store.remove(KEY, second)).toBe(true);
    expect(await store.remove(KEY, second)).toBe(false);
    expect(await store.find(KEY)).toBeUndefined();
    expect(await store.replace(KEY, second, SESSION)).toBeUndefined();
  });

  test('that come after removed ones have another revision, so that nobody takes them for those', async () => {
    const seen = new Set<number>();
    for (let round = 0; round < 10; round += 1) {
      const revision = await revisionOf(store.replace(KEY, undefined, SESSION));
      seen.add(revision);
      await store.remove(KEY, revision);
    }
    expect(seen.size).toBe(10);
  });

  test('whose time is over are as good as none', async () => {
    await store.replace(KEY, undefined, SESSION);
    await expireAll();
    expect(await store.find(KEY)).toBeUndefined();
    expect(await store.replace(KEY, undefined, { ...SESSION, sandboxId: 'sandbox-2' })).toMatchObject({ sandboxId: 'sandbox-2' });
    expect(await store.find(KEY)).toMatchObject({ sandboxId: 'sandbox-2' });
  });

  test('whose time is over are removed with the new ones that come', async () => {
    for (let index = 0; index < 5; index += 1) await store.replace(`old-${index}`, undefined, SESSION);
    await expireAll();
    nowMs += 60_000;
    await store.replace(KEY, undefined, SESSION);
    const rows = await migrated.database.read({ operation: 'test' }, (tables) =>
      tables.selectFrom('sandport_sessions').select('key_digest').execute(),
    );
    expect(rows).toEqual([{ key_digest: KEY }]);
  });

  test('of one key have one first among 40 at one moment, also after one whose time is over', async () => {
    const stores = [store, ...[1, 2, 3].map(() => new DatabaseSessionStore(migrated.openAnother()))];
    for (let round = 0; round < 3; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, async (_, index) =>
          stores[index % stores.length]?.replace(KEY, undefined, { ...SESSION, sandboxId: `sandbox-${index}` }),
        ),
      );
      const stored = outcomes.filter((outcome) => outcome !== undefined);
      expect(stored).toHaveLength(1);
      expect(await store.find(KEY)).toEqual(stored[0]);
      await expireAll();
    }
  });

  test.each([
    ['an empty key', '', SESSION, 'keyDigest'],
    ['a digest that no column takes', KEY, { ...SESSION, configDigest: 'c'.repeat(65) }, 'configDigest'],
    ['no time at all', KEY, { ...SESSION, rememberMs: 0 }, 'rememberMs'],
  ])('refuse %s', async (_, key, session, field) => {
    const error = await failureOf(store.replace(key, undefined, session));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
  });
});
