import { sql } from 'kysely';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TABLE_COLUMNS } from '../../src/database/table-columns.ts';
import {
  migrateDown,
  migrateUp,
  migrationState,
  NO_MIGRATION,
  openDatabase,
  type DatabaseOptions,
  type SettingsDatabase,
} from '../../src/index.ts';
import { settingsIn } from '../../src/stored-settings.ts';
import { eachDatabase, type TestDatabase } from '../databases.ts';
import { buildSettings, startSettingsProcess } from './settings-process.ts';
import { failureOf, row } from './test-database.ts';

const CALL = { operation: 'test' };
const ANY_SCHEMA = { ...CALL, anySchema: true };
const ALL = ['0001-tables', '0002-people', '0003-usage'];

beforeAll(buildSettings, 120_000);

describe.each(eachDatabase)('migrations in $kind', ({ kind, create }) => {
  let place: TestDatabase;
  let opened: SettingsDatabase[];

  beforeEach(async () => {
    place = await create();
    opened = [];
  });

  afterEach(async () => {
    for (const database of opened) await database.close();
    await place.drop();
  });

  /** A database that does not migrate by itself, unless that is asked for. */
  function open(options: DatabaseOptions = {}): SettingsDatabase {
    const database = openDatabase(place.location, { migrateOnOpen: false, ...options });
    opened.push(database);
    return database;
  }

  function execute(database: SettingsDatabase, statement: string): Promise<unknown> {
    return database.write(ANY_SCHEMA, (transaction) => sql.raw(statement).execute(transaction));
  }

  test('are asked for where they are missing', async () => {
    const error = await failureOf(settingsIn(open()).read(['a']));
    expect([error.code, error.details?.['pending'], error.suggestion]).toEqual([
      'SETTINGS_SCHEMA_MISMATCH',
      ALL,
      'Run `sandport settings migrate`.',
    ]);
  });

  test('are asked for where a table was made without them', async () => {
    const database = open();
    await execute(
      database,
      'create table system_settings (name varchar(128) primary key, source varchar(32), data_type varchar(32), value text)',
    );
    const error = await failureOf(settingsIn(database).read(['a']));
    expect([error.code, error.suggestion]).toEqual(['SETTINGS_SCHEMA_MISMATCH', 'Run `sandport settings migrate`.']);
  });

  test('are carried out once, and told of', async () => {
    const database = open();
    expect(await migrationState(database)).toEqual(ALL.map((name) => ({ name, isApplied: false, isKnown: true })));
    expect(await migrateUp(database)).toEqual(ALL);
    expect(await migrateUp(database)).toEqual([]);
    expect(await migrationState(open())).toEqual(ALL.map((name) => ({ name, isApplied: true, isKnown: true })));
    await settingsIn(database).write([row('a', '1')]);
  });

  test('are carried out with the first call, where that is asked for', async () => {
    const databases = [open({ migrateOnOpen: true }), open({ migrateOnOpen: true })];
    await Promise.all(databases.map((database, index) => settingsIn(database).write([row(`row.${index}`, 'x')])));
    expect((await settingsIn(open()).read(['row.0', 'row.1'])).size).toBe(2);
  });

  test('make every column that statements name', async () => {
    const database = open();
    await migrateUp(database);
    const found = await database.read(CALL, (tables) => tables.introspection.getTables());
    for (const [table, columns] of Object.entries(TABLE_COLUMNS)) {
      expect(found.find(({ name }) => name === table)?.columns.map(({ name }) => name)).toEqual(columns);
    }
  });

  test('of a newer version are told of, and nothing is touched', async () => {
    const database = open();
    await migrateUp(database);
    await execute(database, `insert into sandport_migrations (name, timestamp) values ('0099-future', '2099-01-01T00:00:00.000Z')`);
    for (const call of [
      () => settingsIn(open({ migrateOnOpen: true })).read(['a']),
      () => migrateUp(database),
      () => migrateDown(database, NO_MIGRATION),
    ]) {
      const error = await failureOf(call());
      expect([error.code, error.details?.['unknown']]).toEqual(['SETTINGS_SCHEMA_MISMATCH', ['0099-future']]);
      expect(error.message).toContain('newer version');
      expect(error.suggestion).toContain('Update Sandport');
    }
    expect(await migrationState(database)).toEqual([
      ...ALL.map((name) => ({ name, isApplied: true, isKnown: true })),
      { name: '0099-future', isApplied: true, isKnown: false },
    ]);
  });

  test('can be undone and done again, and the settings stay', async () => {
    const database = open();
    await migrateUp(database);
    await settingsIn(database).write([row('sandbox.docker', '{}')]);
    expect(await migrateDown(database, '0003-usage')).toEqual([]);
    expect(await migrateDown(database, NO_MIGRATION)).toEqual(ALL.toReversed());
    const names = (await database.read(ANY_SCHEMA, (tables) => tables.introspection.getTables())).map(({ name }) => name);
    expect(names.filter((name) => Object.hasOwn(TABLE_COLUMNS, name))).toEqual(['system_settings']);
    expect((await failureOf(settingsIn(database).read(['a']))).code).toBe('SETTINGS_SCHEMA_MISMATCH');
    expect(await migrateUp(database)).toEqual(ALL);
    expect(await settingsIn(database).read(['sandbox.docker'])).toEqual(new Map([['sandbox.docker', row('sandbox.docker', '{}')]]));
  });

  test('can be undone down to the first tables, and their rows stay', async () => {
    const database = open();
    await migrateUp(database);
    await settingsIn(database).write([row('sandbox.docker', '{}')]);
    await settingsIn(database).configurations.recordForeignChanges();
    expect(await migrateDown(database, '0001-tables')).toEqual(['0003-usage', '0002-people']);
    const names = (await database.read(ANY_SCHEMA, (tables) => tables.introspection.getTables())).map(({ name }) => name);
    expect(names).toContain('sandport_audit');
    expect(names).not.toContain('sandport_accounts');
    expect(names).not.toContain('sandport_usage');
    expect((await failureOf(settingsIn(open()).read(['a']))).details?.['pending']).toEqual(['0002-people', '0003-usage']);
    expect(await migrateUp(database)).toEqual(['0002-people', '0003-usage']);
    expect(await settingsIn(database).configurations.history()).toHaveLength(1);
  });

  test.each(['0002-unheard-of', '0001-tables', ''])('cannot be undone down to "%s" when that was not applied', async (target) => {
    const error = await failureOf(migrateDown(open(), target));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'target', target }]);
  });

  test('that ended half way are brought to their end', async () => {
    const database = open();
    await migrateUp(database);
    await settingsIn(database).write([row('a', '1')]);
    for (const statement of [
      'delete from sandport_migrations',
      'drop table sandport_sessions',
      'drop table sandport_idempotency',
      'drop table sandport_tokens',
      'drop table sandport_usage',
      'drop table sandport_usage_hours',
      'delete from sandport_state',
    ]) {
      await execute(database, statement);
    }
    expect((await failureOf(settingsIn(database).read(['a']))).suggestion).toBe('Run `sandport settings migrate`.');
    expect(await migrateUp(database)).toEqual(ALL);
    const states = await database.read(CALL, (tables) => tables.selectFrom('sandport_state').selectAll().execute());
    expect(states).toEqual([{ id: 1, active_version: null, last_version: 0, last_audit: 0 }]);
    expect((await settingsIn(database).read(['a'])).get('a')?.value).toBe('1');
  });

  test.each([
    ['table', 'drop table sandport_sessions'],
    ['column', 'alter table sandport_sessions drop column language'],
  ])('that a %s was taken from are told of', async (_, statement) => {
    const database = open();
    await migrateUp(database);
    await execute(database, statement);
    const error = await failureOf(
      database.read(CALL, (tables) => tables.selectFrom('sandport_sessions').select('language').where('key_digest', '=', 'x').execute()),
    );
    expect(error.code).toBe('SETTINGS_SCHEMA_MISMATCH');
    expect(error.suggestion).toContain('sandport settings migrate');
    // What still is there works.
    await settingsIn(database).write([row('a', '1')]);
  });

  test('are carried out by one of several processes that start together', async () => {
    const processes = Array.from({ length: 4 }, () => startSettingsProcess(place.location, 'migrate'));
    await Promise.all(processes.map(({ firstWord }) => firstWord()));
    for (const { child } of processes) child.stdin.write('go\n');
    const outcomes = await Promise.all(processes.map(({ ended }) => ended));
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    const reports = outcomes.map(({ output }) => output.replace('ready\n', '')).toSorted();
    expect(reports).toEqual([JSON.stringify(ALL), '[]', '[]', '[]'].toSorted());
    await settingsIn(open()).write([row('a', '1')]);
  });

  test('leave the table that RAGFlow made as it is, and use it', async () => {
    const database = open();
    const text = kind === 'mysql' ? 'longtext' : 'text';
    const ending = kind === 'mysql' ? 'character set utf8mb4 collate utf8mb4_general_ci' : '';
    const added = 'create_time bigint null, create_date varchar(32) null, update_time bigint null, update_date varchar(32) null';
    await execute(
      database,
      `create table system_settings (name varchar(128) not null primary key, ${added}, source varchar(32) not null, data_type varchar(32) not null, value ${text} not null) ${ending}`,
    );
    await execute(
      database,
      `insert into system_settings (name, create_time, source, data_type, value) values ('sandbox.provider_type', 17, 'variable', 'string', 'self_managed'), ('mail.Server', 17, 'variable', 'string', 'smtp')`,
    );
    await migrateUp(database);
    const settings = settingsIn(database);
    expect((await settings.read(['sandbox.provider_type'])).get('sandbox.provider_type')?.value).toBe('self_managed');
    // The table holds these for the names above, where its collation says so.
    expect(await settings.read(['sandbox.Provider_type', 'SANDBOX.PROVIDER_TYPE', 'sandbox.provider_type '])).toEqual(new Map());
    await settings.write([row('sandbox.provider_type', 'docker'), row('sandbox.docker', '{"ü":"🚀"}')]);
    const rows = await database.read(CALL, (tables) =>
      sql`select name, create_time, source, value from system_settings order by name`.execute(tables),
    );
    expect(rows.rows).toEqual([
      { name: 'mail.Server', create_time: 17, source: 'variable', value: 'smtp' },
      { name: 'sandbox.docker', create_time: null, source: 'test', value: '{"ü":"🚀"}' },
      { name: 'sandbox.provider_type', create_time: 17, source: 'test', value: 'docker' },
    ]);
    if (kind !== 'mysql') return;
    const error = await failureOf(settings.write([row('sandbox.wasm', '{}'), row('mail.server', 'other')]));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'name', row: 'mail.server' }]);
    expect([...(await settings.read(['mail.Server', 'sandbox.wasm'])).values()].map(({ value }) => value)).toEqual(['smtp']);
  });
});
