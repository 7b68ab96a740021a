import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { openSqliteDatabase } from '@sandport/settings';
import { describe, expect, test } from 'vitest';
import { createHome, createReadyHome, documentOf } from './run-in-process.ts';
import { storedRows, storeRows } from './stored-rows.ts';

/** A file with RAGFlow's table and nothing else. */
async function storeForeignTable(path: string): Promise<void> {
  const database = openSqliteDatabase({ path });
  await database.read({ operation: 'test', anySchema: true }, (tables) =>
    tables.schema
      .createTable('system_settings')
      .addColumn('name', 'varchar(128)', (column) => column.primaryKey())
      .addColumn('source', 'varchar(32)')
      .addColumn('data_type', 'varchar(32)')
      .addColumn('value', 'text')
      .execute(),
  );
  await database.close();
}

const MIGRATIONS = ['0001-tables', '0002-people', '0003-usage'];

function linesOf(names: readonly string[], what: string): string {
  return names.map((name) => `${name} ${what}\n`).join('');
}

describe('settings migrate', () => {
  test('makes the tables, and finds nothing to do then', async () => {
    const home = createHome();
    const path = join(home.homeFolder, 's.sqlite');
    await storeForeignTable(path);
    const words = ['settings', 'migrate', '--settings', path];
    const { exitCode, stderr } = await home.run(['config', 'get', '--settings', path]);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('sandport settings migrate')]);
    expect((await home.run([...words, '--dry-run'])).stdout).toBe(linesOf(MIGRATIONS, 'would be applied'));
    expect((await home.run(words)).stdout).toBe(linesOf(MIGRATIONS, 'applied'));
    expect(documentOf(await home.run([...words, '--json']))).toEqual({
      settings: path,
      database: 'sqlite',
      direction: 'up',
      dryRun: false,
      migrations: [],
    });
    expect((await home.run(['config', 'get', '--settings', path])).exitCode).toBe(0);
  });

  test('makes settings that are not there yet, and looks without making them', async () => {
    const home = createHome();
    expect((await home.run(['settings', 'migrate', '--dry-run'])).exitCode).toBe(3);
    expect(existsSync(home.settingsPath)).toBe(false);
    expect((await home.run(['settings', 'migrate'])).exitCode).toBe(0);
    expect(existsSync(home.settingsPath)).toBe(true);
  });

  test('undoes them, and the configuration in use stays', async () => {
    const home = await createReadyHome();
    expect((await home.run(['settings', 'migrate', '--down-to', '0003-usage'])).stdout).toContain('Nothing is to be done');
    expect((await home.run(['settings', 'migrate', '--down-to', 'none', '--dry-run'])).stdout).toBe(
      linesOf(MIGRATIONS.toReversed(), 'would be undone'),
    );
    expect((await home.run(['settings', 'migrate', '--down-to', 'none'])).stdout).toBe(linesOf(MIGRATIONS.toReversed(), 'undone'));
    expect((await home.run(['settings', 'status'])).stdout).toContain('0001-tables  pending');
    await home.run(['settings', 'migrate']);
    expect(await storedRows(home.settingsPath)).toMatchObject({ 'sandbox.provider_type': 'fake' });
    for (const more of [[], ['--dry-run']]) {
      const { exitCode, stderr } = await home.run(['settings', 'migrate', '--down-to', '0099-none', ...more]);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('none')]);
    }
  });
});

describe('settings status', () => {
  test('says which database it is, and how it is', async () => {
    const home = await createReadyHome();
    await home.run(['secrets', 'create-key']);
    const outcome = await home.run(['settings', 'status', '--json']);
    expect(documentOf(outcome)).toMatchObject({
      settings: home.settingsPath,
      database: 'sqlite',
      migrations: MIGRATIONS.map((name) => ({ name, isApplied: true, isKnown: true })),
      version: 1,
      changedElsewhere: [],
      keys: {
        source: `the key file "${home.settingsPath}.key"`,
        formerIds: [],
        unusedVariables: [],
      },
      clearSecrets: [],
    });
    const { stdout } = await home.run(['settings', 'status']);
    expect(stdout).toMatch(
      /^database +sqlite\nlocation +.+\nmigrations +0001-tables {2}applied\n +0002-people {2}applied\n +0003-usage {2}applied\nversion +1\nmaster key +[0-9a-f]{16}, from the key file .+\nin the clear +no secret\n$/,
    );
  });

  test('names secrets in the clear, and a source of keys that is broken', async () => {
    const home = createHome();
    await storeRows(home.settingsPath, { 'sandbox.fake': '{"token":"planted-secret"}' });
    const { stdout, stderr } = await home.run(['settings', 'status'], { environment: { SANDPORT_MASTER_KEY: 'planted-key' } });
    expect(stdout).toMatch(/in the clear +sandbox\.fake token\n/);
    expect(stdout).toMatch(/master key +SANDPORT_MASTER_KEY/);
    expect(stderr).toContain('sandport secrets seal');
    expect(stdout + stderr).not.toContain('planted');
  });

  test('of settings that are not there ends with 3', async () => {
    expect((await createHome().run(['settings', 'status'])).exitCode).toBe(3);
  });
});

describe('an address of a server', () => {
  test.each(['postgres', 'postgresql', 'mysql', 'mariadb'])(
    '%s:// with a password on the command line is refused, and not shown',
    async (scheme) => {
      const home = createHome();
      const address = `${scheme}://sandport:hunter2@db.example/sandport`;
      for (const words of [
        ['config', 'get', '--settings', address],
        ['--settings', address, 'run', '-'],
        ['migrate', 'ragflow', '--from', address, '--debug'],
      ]) {
        const { exitCode, stdout, stderr } = await home.run(words);
        expect([exitCode, stdout]).toEqual([2, '']);
        expect(stderr).toMatch(/the variable SANDPORT_(SETTINGS|RAGFLOW_DATABASE) instead/);
        expect(stderr).not.toContain('hunter2');
      }
    },
  );

  test('in the variable may have one, which is shown nowhere', async () => {
    const home = createHome();
    // Nothing listens on this port.
    const environment = { SANDPORT_SETTINGS: 'postgres://sandport:hunter2@127.0.0.1:1/sandport' };
    for (const words of [
      ['config', 'get'],
      ['settings', 'status'],
      ['run', '-'],
      ['config', 'use', 'fake'],
      ['settings', 'migrate'],
    ]) {
      const { exitCode, stdout, stderr } = await home.run([...words, '--debug'], { environment });
      expect([exitCode, stdout]).toEqual([3, '']);
      expect(stderr).toContain('postgres://sandport@127.0.0.1:1/sandport');
      expect(stderr).not.toContain('hunter2');
    }
    const doctor = await home.run(['doctor', '--json'], { environment });
    expect([doctor.exitCode, documentOf(doctor)]).toEqual([
      1,
      expect.objectContaining({ settings: 'postgres://sandport@127.0.0.1:1/sandport', database: 'postgres' }),
    ]);
    expect(doctor.stdout + doctor.stderr).not.toContain('hunter2');
  });

  test.each(['http://db/x', 'postgres://', 'postgres://db:hunter2:x/y', 'mysql://user:hunter2@db/x?nonsense=1'])(
    '%s is refused and not shown',
    async (address) => {
      const { exitCode, stderr } = await createHome().run(['config', 'get', '--debug'], { environment: { SANDPORT_SETTINGS: address } });
      expect(exitCode).toBe(2);
      expect(stderr).not.toContain('hunter2');
    },
  );
});
