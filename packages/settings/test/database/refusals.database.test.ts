import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { inspect } from 'node:util';
import type { SandboxError } from '@sandport/core';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { writeRows } from '../../src/database/rows/write-rows.ts';
import { migrateUp, openDatabase, type SettingsDatabase } from '../../src/index.ts';
import { settingsIn } from '../../src/stored-settings.ts';
import { eachDatabase, onMysql, onPostgres } from '../databases.ts';
import { createMigrated, failureOf, row, type MigratedDatabase } from './test-database.ts';

const CALL = { operation: 'test' };
const SERVERS = eachDatabase.filter(({ kind }) => kind !== 'sqlite');
const SECRET = 'hunter2-planted-secret';

/** Everything that anybody could print of an error. */
function everythingOf(error: SandboxError): string {
  return `${inspect(error, { depth: 10, showHidden: true })}${JSON.stringify(error)}${error.stack ?? ''}`;
}

describe.each(SERVERS)('$kind refuses', ({ kind, create }) => {
  let migrated: MigratedDatabase;
  let user: string;

  beforeAll(async () => {
    migrated = await createMigrated(create);
    user = `user_${randomBytes(4).toString('hex')}`;
    await (kind === 'postgres'
      ? onPostgres(`create role ${user} login password '${SECRET}'`)
      : onMysql(`create user ${user}@'127.0.0.1' identified by '${SECRET}'`));
  });

  afterAll(async () => {
    await migrated.remove();
    await (kind === 'postgres' ? onPostgres(`drop role ${user}`) : onMysql(`drop user ${user}@'127.0.0.1'`));
  });

  /** The database in another way: what is changed of its URL. */
  function changed(change: (url: URL) => void): SettingsDatabase {
    const url = new URL(migrated.location);
    change(url);
    return migrated.openAnother({}, url.href);
  }

  function asUser(password: string, change: (url: URL) => void = () => undefined): SettingsDatabase {
    return changed((url) => {
      url.username = user;
      url.password = password;
      change(url);
    });
  }

  async function refusalOf(database: SettingsDatabase): Promise<SandboxError> {
    return failureOf(settingsIn(database).read(['a']));
  }

  test('a wrong password, which is shown nowhere', async () => {
    const error = await refusalOf(asUser(`${SECRET}-wrong`));
    expect([error.code, error.details?.['code']]).toEqual([
      'SETTINGS_UNAVAILABLE',
      kind === 'postgres' ? '28P01' : 'ER_ACCESS_DENIED_ERROR',
    ]);
    expect(error.suggestion).toContain('Correct user and password');
    expect(error.message).toContain(user);
    expect(everythingOf(error)).not.toContain(SECRET);
  });

  test('a password that is missing', async () => {
    const error = await refusalOf(asUser(''));
    expect(error.code).toBe('SETTINGS_UNAVAILABLE');
    expect(error.suggestion).toContain('password');
  });

  test('a database that does not exist', async () => {
    const error = await refusalOf(changed((url) => (url.pathname = '/nowhere_to_be_found')));
    expect([error.code, error.details?.['code']]).toEqual(['SETTINGS_UNAVAILABLE', kind === 'postgres' ? '3D000' : 'ER_BAD_DB_ERROR']);
    expect(error.message).toContain('does not exist');
  });

  test('a user without rights', async () => {
    if (kind === 'mysql') await onMysql(`grant usage on *.* to ${user}@'127.0.0.1'`);
    const error = await refusalOf(asUser(SECRET));
    expect(error.code).toBe('SETTINGS_UNAVAILABLE');
    expect(error.message).toContain('does not allow that to this user');
    expect(error.suggestion).toContain('Grant');
    expect(everythingOf(error)).not.toContain(SECRET);
  });

  test('more connections than there may be', async () => {
    const name = new URL(migrated.location).pathname.slice(1);
    if (kind === 'postgres') await onPostgres(`grant select on all tables in schema public to ${user}`, name);
    else await onMysql(`grant select on ${name}.* to ${user}@'127.0.0.1'`);
    await (kind === 'postgres'
      ? onPostgres(`alter role ${user} connection limit 1`)
      : onMysql(`alter user ${user}@'127.0.0.1' with max_user_connections 1`));
    const first = asUser(SECRET);
    // A server takes a moment to notice that a former connection is gone.
    await vi.waitFor(() => settingsIn(first).read(['a']), { timeout: 10_000 });
    const error = await refusalOf(asUser(SECRET));
    expect([error.code, error.message]).toEqual(['SETTINGS_UNAVAILABLE', expect.stringContaining('has no connection left')]);
    await first.close();
  });

  test('encryption, where it has none', async () => {
    const error = await refusalOf(changed((url) => url.searchParams.set('sslmode', 'no-verify')));
    expect([error.code, error.message]).toEqual(['SETTINGS_UNAVAILABLE', expect.stringContaining('offers no encryption')]);
    expect(error.suggestion).toContain('sslmode=disable');
  });

  test('nothing when nobody is there', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    const error = await refusalOf(
      changed((url) => (url.port = typeof address === 'object' && address !== null ? String(address.port) : '')),
    );
    expect([error.code, error.details?.['code']]).toEqual(['SETTINGS_UNAVAILABLE', 'ECONNREFUSED']);
    expect(error.suggestion).toContain('Start the database server');
  });

  test('a text that a column cannot hold, and quotes none of it', async () => {
    await migrated.database.write(CALL, (transaction) =>
      sql`alter table system_settings ${kind === 'postgres' ? sql`alter column value type varchar(10)` : sql`modify value varchar(10) not null`}`.execute(
        transaction,
      ),
    );
    const error = await failureOf(
      migrated.database.write(CALL, (transaction) => writeRows(transaction, [row('good', 'x'), row('secret', SECRET)])),
    );
    expect(error.code).toBe('SETTINGS_SCHEMA_MISMATCH');
    expect(everythingOf(error)).not.toContain(SECRET);
    expect(await settingsIn(migrated.database).read(['good'])).toEqual(new Map());
  });

  test('a row that is there already, and quotes none of it', async () => {
    const insert = () =>
      migrated.database.write(CALL, (transaction) =>
        transaction
          .insertInto('sandport_idempotency')
          .values({ key_digest: SECRET, request_digest: 'r', state: 's', owner: 'o', beat: 0, expires_at_ms: 0, outcome: null })
          .execute(),
      );
    await insert();
    const error = await failureOf(insert());
    expect(error.details?.['code']).toBe(kind === 'postgres' ? '23505' : 'ER_DUP_ENTRY');
    expect(everythingOf(error)).not.toContain(SECRET);
  });
});

describe('PostgreSQL refuses', () => {
  test('changes of a database that may only be read', async () => {
    const postgres = SERVERS.find(({ kind }) => kind === 'postgres');
    if (postgres === undefined) throw new Error('there is no PostgreSQL');
    const place = await postgres.create();
    const database = openDatabase(place.location);
    await migrateUp(database);
    await database.close();
    const name = new URL(place.location).pathname.slice(1);
    await onPostgres(`alter database ${name} set default_transaction_read_only = on`);
    const reader = openDatabase(place.location);
    expect(await settingsIn(reader).read(['a'])).toEqual(new Map());
    const error = await failureOf(settingsIn(reader).write([row('a', '1')]));
    expect([error.code, error.message]).toEqual(['SETTINGS_UNAVAILABLE', expect.stringContaining('may only be read')]);
    await reader.close();
    await place.drop();
  });
});
