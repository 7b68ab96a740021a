import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeRows } from '../../src/database/rows/write-rows.ts';
import type { SettingsDatabase } from '../../src/index.ts';
import { settingsIn } from '../../src/stored-settings.ts';
import { eachDatabase, onMysql, onPostgres } from '../databases.ts';
import { startProxy, type TcpProxy } from './tcp-proxy.ts';
import { createMigrated, failureOf, row, type MigratedDatabase } from './test-database.ts';

const CALL = { operation: 'test' };
const SERVERS = eachDatabase.filter(({ kind }) => kind !== 'sqlite');

/** Whether a piece of either protocol has that text. */
const says = (bytes: Buffer, text: string) => bytes.includes(text, 0, 'latin1');
/** PostgreSQL's statements end with a NUL, MySQL's with their packet. */
const saysCommit = (bytes: Buffer) => /commit\0?$/.test(bytes.toString('latin1'));

describe.each(SERVERS)('a connection to $kind', ({ kind, create }) => {
  let migrated: MigratedDatabase;
  let proxy: TcpProxy;
  let database: SettingsDatabase;

  beforeEach(async () => {
    migrated = await createMigrated(create);
    proxy = await startProxy(migrated.location);
    database = migrated.openAnother({ callTimeoutMs: 5000 }, proxy.url);
    await settingsIn(migrated.database).write([row('a', 'old')]);
  });

  afterEach(async () => {
    await migrated.remove();
    await proxy.close();
  });

  function valueOf(from: SettingsDatabase): Promise<string | undefined> {
    return settingsIn(from)
      .read(['a'])
      .then((rows) => rows.get('a')?.value);
  }

  function writeNew(options: { readonly signal?: AbortSignal } = {}, onWork: () => void | Promise<void> = () => undefined): Promise<void> {
    return database.write({ ...CALL, ...options }, async (transaction) => {
      await writeRows(transaction, [row('a', 'new')]);
      await onWork();
    });
  }

  test('that waits for its next call may be ended by the server, one by one or all', async () => {
    await Promise.all(Array.from({ length: 4 }, () => valueOf(database)));
    proxy.cut();
    expect(await valueOf(database)).toBe('old');
    await Promise.all(Array.from({ length: 4 }, () => valueOf(database)));
    proxy.cut();
    await writeNew();
    expect(await valueOf(database)).toBe('new');
  });

  test('that its administrator ends is made anew', async () => {
    await valueOf(database);
    const { rows } = await database.read(CALL, (tables) => sql<{ id: number }>`select ${idFunction()} as id`.execute(tables));
    await killConnection(rows[0]?.id ?? 0);
    expect(await valueOf(database)).toBe('old');
    const killed: number[] = [];
    const value = await database.read(CALL, async (tables) => {
      const own = await sql<{ id: number }>`select ${idFunction()} as id`.execute(tables);
      if (killed.length === 0) {
        killed.push(own.rows[0]?.id ?? 0);
        await killConnection(killed[0] ?? 0);
      }
      return tables.selectFrom('system_settings').select('value').where('name', '=', 'a').executeTakeFirst();
    });
    expect([value, killed.length]).toEqual([{ value: 'old' }, 1]);
  });

  test('that its administrator ends in a transaction ends the transaction, which is not tried again', async () => {
    let runs = 0;
    const error = await failureOf(
      database.write(CALL, async (transaction) => {
        runs += 1;
        await writeRows(transaction, [row('a', 'new')]);
        const own = await sql<{ id: number }>`select ${idFunction()} as id`.execute(transaction);
        await killConnection(own.rows[0]?.id ?? 0);
        await writeRows(transaction, [row('b', 'new')]);
      }),
    );
    expect([error.code, error.details?.['isOutcomeKnown'], runs]).toEqual(['SETTINGS_UNAVAILABLE', undefined, 1]);
    expect(await valueOf(database)).toBe('old');
  });

  test('that breaks before the server is asked to keep a transaction leaves nothing of it', async () => {
    const cutAndNotice = () => {
      proxy.cut();
      return delay(100);
    };
    const error = await failureOf(writeNew({}, cutAndNotice));
    expect([error.code, error.details?.['isOutcomeKnown']]).toEqual(['SETTINGS_UNAVAILABLE', undefined]);
    expect(await valueOf(database)).toBe('old');
  });

  test.each([
    ['before the server heard', 'cut', 'old'],
    ['after the server heard', 'pass-and-cut', 'new'],
  ] as const)('that breaks while a transaction is kept, %s of it, says that nobody knows', async (_, passage, value) => {
    let runs = 0;
    proxy.judge = (bytes) => (saysCommit(bytes) ? passage : 'pass');
    const error = await failureOf(writeNew({}, () => void (runs += 1)));
    expect([error.code, error.details?.['isOutcomeKnown'], runs]).toEqual(['SETTINGS_UNAVAILABLE', false, 1]);
    expect(error.suggestion).toContain('Read what is stored');
    await expect.poll(() => valueOf(migrated.database)).toBe(value);
  });

  test('that breaks while a transaction begins is replaced unnoticed', async () => {
    let cuts = 0;
    proxy.judge = (bytes) => (says(bytes, 'begin') && cuts++ < 2 ? 'cut' : 'pass');
    await writeNew();
    expect([await valueOf(database), cuts]).toEqual(['new', 3]);
  });

  test('that always breaks is given up', async () => {
    proxy.judge = (bytes) => (says(bytes, 'system_settings') ? 'cut' : 'pass');
    const error = await failureOf(valueOf(database));
    expect([error.code, error.operation]).toEqual(['SETTINGS_UNAVAILABLE', 'readSettings']);
  });

  test('on which the server does not answer is given up at the deadline and never used again', async () => {
    const hasty = migrated.openAnother({ callTimeoutMs: 1000, poolSize: 1 }, proxy.url);
    expect(await valueOf(hasty)).toBe('old');
    proxy.judge = () => 'keep';
    const error = await failureOf(valueOf(hasty));
    expect([error.code, error.message]).toEqual(['SETTINGS_UNAVAILABLE', expect.stringContaining('did not answer within 1000 ms')]);
    proxy.judge = () => 'pass';
    expect(await valueOf(hasty)).toBe('old');
    await expect.poll(() => proxy.counts.open).toBe(1);
  });

  test('on which the server does not say whether it kept a transaction is given up at the deadline, and nobody knows', async () => {
    const hasty = migrated.openAnother({ callTimeoutMs: 1000, poolSize: 1 }, proxy.url);
    await valueOf(hasty);
    proxy.judge = (bytes) => (saysCommit(bytes) ? 'pass-and-keep-answer' : 'pass');
    const error = await failureOf(settingsIn(hasty).write([row('a', 'new')]));
    expect([error.code, error.details?.['isOutcomeKnown']]).toEqual(['SETTINGS_UNAVAILABLE', false]);
    expect(await valueOf(migrated.database)).toBe('new');
  });

  test('is broken off by the signal of its call, and nothing is kept', async () => {
    const controller = new AbortController();
    const error = await failureOf(writeNew({ signal: controller.signal }, () => controller.abort('enough')));
    expect([error.code, error.cause]).toEqual(['CANCELLED', 'enough']);
    expect(await valueOf(database)).toBe('old');
  });

  test('is not broken off by the signal of its call while the server keeps a transaction', async () => {
    const controller = new AbortController();
    proxy.judge = (bytes) => {
      if (!saysCommit(bytes)) return 'pass';
      setTimeout(() => controller.abort(), 20);
      setTimeout(proxy.releaseAnswers, 200);
      return 'pass-and-keep-answer';
    };
    await writeNew({ signal: controller.signal });
    expect(controller.signal.aborted).toBe(true);
    expect(await valueOf(migrated.database)).toBe('new');
  });

  test('is broken off by its deadline even when what is waited for is not the server', async () => {
    const hasty = migrated.openAnother({ callTimeoutMs: 300 }, proxy.url);
    const error = await failureOf(hasty.read(CALL, () => new Promise(() => undefined)));
    expect(error.code).toBe('SETTINGS_UNAVAILABLE');
    await expect.poll(() => proxy.counts.open).toBe(0);
  });

  test('is one of a few, however many calls there are', async () => {
    const few = migrated.openAnother({ poolSize: 3 }, proxy.url);
    await Promise.all(Array.from({ length: 30 }, (_, index) => settingsIn(few).write([row(`row.${index}`, 'x')])));
    expect(proxy.counts).toEqual({ open: 3, most: 3 });
    await few.close();
    await expect.poll(() => proxy.counts.open).toBe(0);
  });

  test('serves a call that had begun when its database was closed', async () => {
    const writing = writeNew({}, () => delay(50));
    const closing = database.close();
    await writing;
    await closing;
    expect(await valueOf(migrated.database)).toBe('new');
    const error = await failureOf(valueOf(database));
    expect([error.code, error.message]).toEqual(['SETTINGS_UNAVAILABLE', expect.stringContaining('was closed')]);
    await database.close();
  });

  function idFunction() {
    return kind === 'postgres' ? sql`pg_backend_pid()` : sql`connection_id()`;
  }

  async function killConnection(id: number): Promise<void> {
    await (kind === 'postgres' ? onPostgres(`select pg_terminate_backend(${id})`) : onMysql(`kill ${id}`));
  }
});
