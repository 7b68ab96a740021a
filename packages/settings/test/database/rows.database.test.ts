import { PROVIDER_TYPE_SETTING } from '@sandport/core';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRows } from '../../src/database/rows/read-rows.ts';
import { writeRows } from '../../src/database/rows/write-rows.ts';
import { settingsIn, type StoredSettings } from '../../src/stored-settings.ts';
import { eachDatabase } from '../databases.ts';
import { createMigrated, failureOf, row, type MigratedDatabase } from './test-database.ts';

const CALL = { operation: 'test' };

describe.each(eachDatabase)('rows in $kind', ({ kind, create }) => {
  let migrated: MigratedDatabase;
  let settings: StoredSettings;

  beforeAll(async () => {
    migrated = await createMigrated(create);
    settings = settingsIn(migrated.database);
  });

  afterAll(() => migrated.remove());

  test('come back exactly as they were written, absent names are left out', async () => {
    const rows = [row(PROVIDER_TYPE_SETTING, 'docker'), { name: 'sandbox.docker', source: 'cli', dataType: 'json', value: '{"ü":"\'"}' }];
    await settings.write(rows);
    const read = await settings.read([PROVIDER_TYPE_SETTING, 'sandbox.docker', 'sandbox.wasm']);
    expect(read).toEqual(new Map(rows.map((each) => [each.name, each])));
  });

  test.each([
    ['quotes and backslashes', `'"\`\\ \\' \\0 \\n %_;--`],
    ['line ends', 'a\r\nb\nc\r'],
    ['characters beyond the basic plane', '🚀𝒳 ä é 漢字'],
    ['blanks at both ends', '  x  '],
    ['nothing', ''],
    ['every control character but NUL', String.fromCharCode(...Array.from({ length: 31 }, (_, index) => index + 1))],
    ['1 MiB', 'ä'.repeat(512 * 1024)],
  ])('hold %s', async (_, value) => {
    await settings.write([row('text', value)]);
    expect((await settings.read(['text'])).get('text')?.value === value).toBe(true);
  });

  test('are found by their exact name only', async () => {
    await settings.write([row('exact.Name', 'x')]);
    const others = ['exact.name', 'exact.Nam_', 'exact.%', 'exact.Name ', ' exact.Name', 'exact.Namé'];
    expect(await settings.read(others)).toEqual(new Map());
    await settings.write(others.map((name) => row(name, name)));
    const read = await settings.read(['exact.Name', ...others]);
    expect([...read.values()].map(({ value }) => value).toSorted()).toEqual(['x', ...others].toSorted());
  });

  test('are replaced by a later write', async () => {
    await settings.write([row('a', '1')]);
    await settings.write([{ name: 'a', source: 'admin', dataType: 'json', value: '2' }]);
    expect((await settings.read(['a'])).get('a')).toEqual({ name: 'a', source: 'admin', dataType: 'json', value: '2' });
  });

  test.each([
    ['an empty name', row('', 'x'), 'name'],
    ['a name of 129 characters', row('n'.repeat(129), 'x'), 'name'],
    ['a NUL in a name', row('a\0', 'x'), 'name'],
    ['a NUL in a value', row('bad', 'x\0y'), 'bad: value'],
    ['half a character in a value', row('bad', '\ud800'), 'bad: value'],
    ['a source that is too long', { ...row('bad', 'x'), source: 's'.repeat(33) }, 'bad: source'],
    ['a data type that is too long', { ...row('bad', 'x'), dataType: 't'.repeat(33) }, 'bad: dataType'],
  ])('with %s are refused by the field, and nothing is stored', async (_, setting, field) => {
    const error = await failureOf(settings.write([row('good', 'x'), setting]));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
    expect(await settings.read(['good'])).toEqual(new Map());
  });

  test('with the longest words are stored', async () => {
    const longest = { name: 'ü'.repeat(128), source: 's'.repeat(32), dataType: 't'.repeat(32), value: '' };
    await settings.write([longest]);
    expect(await settings.read([longest.name])).toEqual(new Map([[longest.name, longest]]));
  });

  test('of a transaction are stored together or not at all', async () => {
    await settings.write([row('together.a', 'old')]);
    const reason = new Error('changed my mind');
    const writing = migrated.database.write(CALL, async (transaction) => {
      await writeRows(transaction, [row('together.a', 'new'), row('together.b', 'new')]);
      expect((await transaction.selectFrom('system_settings').select('value').where('name', '=', 'together.b').execute()).length).toBe(1);
      throw reason;
    });
    await expect(writing).rejects.toBe(reason);
    expect(await settings.read(['together.a', 'together.b'])).toEqual(new Map([['together.a', row('together.a', 'old')]]));
  });

  test('are not stored when a statement of their transaction failed, even if nobody minds', async () => {
    const writing = migrated.database.write(CALL, async (transaction) => {
      await writeRows(transaction, [row('minded', 'x')]);
      await transaction
        .insertInto('sandport_state')
        .values({ id: 1, active_version: null, last_version: 0, last_audit: 0 })
        .execute()
        .catch(() => undefined);
    });
    // SQLite and MySQL take back the one statement; PostgreSQL the whole transaction, and that is said.
    if (kind === 'postgres') expect((await failureOf(writing)).code).toBe('INTERNAL');
    else await writing;
    expect((await settings.read(['minded'])).size).toBe(kind === 'postgres' ? 0 : 1);
  });

  test('numbers come back as numbers, also those that databases compute', async () => {
    const numbers = { active_version: null, last_version: 2 ** 52, last_audit: 7 };
    await migrated.database.write(CALL, (transaction) =>
      transaction.updateTable('sandport_state').set(numbers).where('id', '=', 1).execute(),
    );
    const state = await migrated.database.read(CALL, (tables) =>
      tables
        .selectFrom('sandport_state')
        .select(['id', 'active_version', 'last_version', 'last_audit'])
        .select(sql<number>`(select sum(last_audit) from sandport_state)`.as('sum'))
        .select(sql<number>`(select count(*) from sandport_state)`.as('count'))
        .executeTakeFirst(),
    );
    expect(state).toEqual({ id: 1, ...numbers, sum: 7, count: 1 });
  });

  test('that are matched by an update are counted, whether or not it changes them', async () => {
    await settings.write([row('matched', 'same')]);
    const update = (name: string) =>
      migrated.database.write(CALL, (transaction) =>
        transaction.updateTable('system_settings').set({ value: 'same' }).where('name', '=', name).executeTakeFirstOrThrow(),
      );
    expect((await update('matched')).numUpdatedRows).toBe(1n);
    expect((await update('not there')).numUpdatedRows).toBe(0n);
  });

  test('can be read many at a time within one call', async () => {
    await settings.write([row('many', 'x')]);
    const sizes = await migrated.database.read(CALL, (tables) =>
      Promise.all(
        Array.from(
          { length: 20 },
          async () => (await tables.selectFrom('system_settings').select('name').where('name', '=', 'many').execute()).length,
        ),
      ),
    );
    expect(sizes).toEqual(Array.from({ length: 20 }, () => 1));
  });

  test('can be read by many calls at a time', async () => {
    await settings.write([row('many', 'x')]);
    const reads = await Promise.all(Array.from({ length: 40 }, () => readRows(migrated.database, ['many'])));
    expect(reads.every((read) => read.get('many')?.value === 'x')).toBe(true);
  });

  test('that hold no text are refused by name', async () => {
    const other = migrated.openAnother();
    if (kind === 'sqlite')
      await other.write(CALL, (transaction) => sql`insert into system_settings values ('odd', 's', 't', x'00ff')`.execute(transaction));
    else {
      await other.write(CALL, async (transaction) => {
        const column = kind === 'mysql' ? sql`modify value longtext null` : sql`alter column value drop not null`;
        await sql`alter table system_settings ${column}`.execute(transaction);
        await sql`insert into system_settings values ('odd', 's', 't', null)`.execute(transaction);
      });
    }
    const error = await failureOf(settings.read(['odd']));
    expect([error.code, error.details]).toEqual(['CONFIG_INVALID', { row: 'odd' }]);
  });
});
