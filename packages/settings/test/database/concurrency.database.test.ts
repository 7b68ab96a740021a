import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeRows } from '../../src/database/rows/write-rows.ts';
import type { SettingsDatabase } from '../../src/index.ts';
import { settingsIn } from '../../src/stored-settings.ts';
import { eachDatabase } from '../databases.ts';
import { buildSettings, startSettingsProcess } from './settings-process.ts';
import { createMigrated, failureOf, row, type MigratedDatabase } from './test-database.ts';

const CALL = { operation: 'test' };

beforeAll(buildSettings, 120_000);

describe.each(eachDatabase)('several at one database in $kind', ({ kind, create }) => {
  let migrated: MigratedDatabase;

  beforeEach(async () => {
    migrated = await createMigrated(create);
  });

  afterEach(() => migrated.remove());

  function lastAudit(database: SettingsDatabase): Promise<number | undefined> {
    return database.read(
      CALL,
      async (tables) => (await tables.selectFrom('sandport_state').select('last_audit').executeTakeFirst())?.last_audit,
    );
  }

  /** Adds one in the way of a program that reads, thinks and writes. */
  function addOne(database: SettingsDatabase): Promise<void> {
    return database.write(CALL, async (transaction) => {
      // Takes the lock, as every writer of the configuration does.
      await transaction.updateTable('sandport_state').set({ id: 1 }).where('id', '=', 1).execute();
      const { last_audit: former } = await transaction.selectFrom('sandport_state').select('last_audit').executeTakeFirstOrThrow();
      await delay(1);
      await transaction
        .updateTable('sandport_state')
        .set({ last_audit: former + 1 })
        .where('id', '=', 1)
        .execute();
    });
  }

  test('rows of another process are seen from one moment, while both sides write', async () => {
    const settings = settingsIn(migrated.database);
    const other = startSettingsProcess(migrated.location, 'write', '60');
    let isOver = false;
    const ended = other.ended.finally(() => (isOver = true));
    let reads = 0;
    while (!isOver) {
      const rows = await settings.read(['pair.a', 'pair.b']);
      expect(rows.get('pair.a')?.value).toBe(rows.get('pair.b')?.value);
      await settings.write([row('own', String(reads))]);
      reads += 1;
      // SQLite answers at once, and would leave no time for anything else.
      await delay(1);
    }
    expect((await ended).exitCode).toBe(0);
    const rows = await settings.read(['own', 'pair.a', 'pair.b']);
    expect(['own', 'pair.a', 'pair.b'].map((name) => rows.get(name)?.value)).toEqual([String(reads - 1), '59', '59']);
  });

  test('writers of one row wait for each other, and none overwrites what it has not seen', async () => {
    const databases = [migrated.database, migrated.openAnother(), migrated.openAnother()];
    await Promise.all(databases.flatMap((database) => Array.from({ length: 10 }, () => addOne(database))));
    expect(await lastAudit(migrated.database)).toBe(30);
  });

  test('a writer waits for another process and then sees what it left; reads do not wait', async () => {
    const other = startSettingsProcess(migrated.location, 'hold');
    await other.firstWord();
    const adding = addOne(migrated.openAnother());
    // A read in between sees the last state that was committed.
    expect(await lastAudit(migrated.openAnother())).toBe(0);
    other.child.stdin.write('go on\n');
    await adding;
    expect((await other.ended).exitCode).toBe(0);
    expect(await lastAudit(migrated.database)).toBe(43);
  });

  test('a writer gives up at its deadline, and nothing of it is kept', async () => {
    const other = startSettingsProcess(migrated.location, 'hold');
    await other.firstWord();
    const hasty = migrated.openAnother({ callTimeoutMs: 300, busyTimeoutMs: 300 });
    expect((await failureOf(addOne(hasty))).code).toBe('SETTINGS_UNAVAILABLE');
    other.child.stdin.write('go on\n');
    await other.ended;
    expect(await lastAudit(migrated.database)).toBe(42);
    await addOne(hasty);
    expect(await lastAudit(migrated.database)).toBe(43);
  });

  test('a writer that waits is ended by its signal and by closing', async () => {
    const other = startSettingsProcess(migrated.location, 'hold');
    await other.firstWord();
    const controller = new AbortController();
    const waiting = migrated.openAnother({ poolSize: 1 });
    const aborted = failureOf(
      waiting.write({ ...CALL, signal: controller.signal }, (transaction) =>
        writeRows(transaction, [row('aborted', 'x')]).then(() => lockIn(transaction)),
      ),
    );
    const queued = failureOf(addOne(waiting));
    await delay(50);
    controller.abort('enough');
    const closing = waiting.close();
    const error = await aborted;
    expect([error.code, error.cause]).toEqual(['CANCELLED', 'enough']);
    expect((await queued).code).toBe('SETTINGS_UNAVAILABLE');
    await closing;
    other.child.stdin.write('go on\n');
    await other.ended;
    expect(await settingsIn(migrated.database).read(['aborted'])).toEqual(new Map());
  });

  test('writers who lock the same rows in different orders all come through', async () => {
    await settingsIn(migrated.database).write([row('left', '0'), row('right', '0')]);
    let attempts = 0;
    const swap = (database: SettingsDatabase, names: readonly string[]) =>
      database.write(CALL, async (transaction) => {
        attempts += 1;
        for (const name of names) {
          await transaction
            .updateTable('system_settings')
            .set({ value: String(attempts) })
            .where('name', '=', name)
            .execute();
          await delay(20);
        }
      });
    const other = migrated.openAnother();
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([swap(migrated.database, ['left', 'right']), swap(other, ['right', 'left'])]);
    }
    const rows = await settingsIn(migrated.database).read(['left', 'right']);
    expect(rows.get('left')?.value).toBe(rows.get('right')?.value);
    // SQLite has one lock for all; the others find the deadlock, and one of the two begins again.
    expect(attempts).toBeGreaterThan(kind === 'sqlite' ? 5 : 6);
  });
});

async function lockIn(transaction: Parameters<Parameters<SettingsDatabase['write']>[1]>[0]): Promise<void> {
  await transaction.updateTable('sandport_state').set({ id: 1 }).where('id', '=', 1).execute();
}
