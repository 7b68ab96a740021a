import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMariadb } from '../../tools/databases/mariadb-server.mjs';
import { startPostgres } from '../../tools/databases/postgres-server.mjs';
import { findMariadb, findPostgres } from '../../tools/databases/server-programs.mjs';
import { migrateUp, openDatabase, type SettingsDatabase } from '../../packages/settings/src/index.ts';
import { settingsIn } from '../../packages/settings/src/stored-settings.ts';
import { buildSettings, startSettingsProcess } from '../../packages/settings/test/database/settings-process.ts';
import { failureOf, row } from '../../packages/settings/test/database/test-database.ts';

const SERVERS = [
  { kind: 'postgres', start: startPostgres, isThere: findPostgres() !== null },
  { kind: 'mysql', start: startMariadb, isThere: findMariadb() !== null },
];

/** A server of the test's own: the others have users who would miss it. */
describe.each(SERVERS.filter(({ isThere }) => isThere))('a $kind server', ({ start }) => {
  let folder: string;
  let server: Awaited<ReturnType<typeof start>>;
  let database: SettingsDatabase;

  beforeAll(async () => {
    await buildSettings();
    folder = await mkdtemp(join(tmpdir(), 'sandport-settings-'));
    await chmod(folder, 0o711);
    server = await start({ folder });
    database = openDatabase(server.url);
    await migrateUp(database);
    await settingsIn(database).write([row('a', '1')]);
  }, 180_000);

  afterAll(async () => {
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  test('may be stopped and started again while connections wait, and is used at once when it is up', async () => {
    await Promise.all(Array.from({ length: 4 }, () => settingsIn(database).read(['a'])));
    await server.stop();
    for (let call = 0; call < 3; call += 1) {
      const error = await failureOf(settingsIn(database).read(['a']));
      expect([error.code, error.retryable]).toEqual(['SETTINGS_UNAVAILABLE', true]);
    }
    await server.startAgain();
    await settingsIn(database).write([row('a', '2')]);
    expect((await settingsIn(database).read(['a'])).get('a')?.value).toBe('2');
  });

  test('may be stopped and started again during a call, which fails and leaves nothing', async () => {
    const error = await failureOf(
      database.write({ operation: 'test' }, async (transaction) => {
        await transaction.updateTable('system_settings').set({ value: '3' }).where('name', '=', 'a').execute();
        await server.stop();
        await transaction.updateTable('system_settings').set({ value: '4' }).where('name', '=', 'a').execute();
      }),
    );
    expect(error.code).toBe('SETTINGS_UNAVAILABLE');
    await server.startAgain();
    expect((await settingsIn(database).read(['a'])).get('a')?.value).toBe('2');
  });

  test('may be stopped without ending a process that waits for its next call', async () => {
    const other = startSettingsProcess(server.url, 'stay');
    await other.firstWord();
    await server.stop();
    await server.startAgain();
    other.child.stdin.write('read again\n');
    expect(await other.ended).toEqual({ output: 'read\nread again\n', exitCode: 0 });
  });
});
