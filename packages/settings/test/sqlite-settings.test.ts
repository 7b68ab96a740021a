import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROVIDER_TYPE_SETTING, SandboxError, type Setting } from '@sandport/core';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteSettings, type StoredSettings } from '../src/index.ts';

let folder: string;
let path: string;
let store: StoredSettings;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandport-settings-'));
  path = join(folder, 'settings.sqlite');
  store = openSqliteSettings({ path });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function row(name: string, value: string): Setting {
  return { name, source: 'test', dataType: 'string', value };
}

async function failureOf(promise: Promise<unknown>): Promise<SandboxError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SandboxError.isInstance(error)) throw new Error('a SandboxError was expected', { cause: error });
  return error;
}

describe('rows', () => {
  test('come back exactly as they were written, absent names are left out', async () => {
    const rows = [row(PROVIDER_TYPE_SETTING, 'docker'), { name: 'sandbox.docker', source: 'cli', dataType: 'json', value: '{"ü":"\'"}' }];
    await store.write(rows);
    const read = await store.read([PROVIDER_TYPE_SETTING, 'sandbox.docker', 'sandbox.wasm']);
    expect([...read.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(rows.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
    expect([...read.keys()]).not.toContain('sandbox.wasm');
  });

  test('are found by their exact name only', async () => {
    await store.write([row('sandbox.docker', 'x')]);
    for (const name of ['sandbox.Docker', 'sandbox.docke_', 'sandbox.%', 'sandbox.docker ', 'sandbox.docker2']) {
      expect((await store.read([name])).size).toBe(0);
    }
  });

  test('are replaced by a later write', async () => {
    await store.write([row('a', '1')]);
    await store.write([{ name: 'a', source: 'admin', dataType: 'json', value: '2' }]);
    expect((await store.read(['a'])).get('a')).toEqual({ name: 'a', source: 'admin', dataType: 'json', value: '2' });
  });

  test('survive closing and opening', async () => {
    await store.write([row('a', '1')]);
    await store.close();
    store = openSqliteSettings({ path });
    expect((await store.read(['a'])).get('a')?.value).toBe('1');
  });

  test('hold a value of 1 MiB', async () => {
    const value = 'ä'.repeat(512 * 1024);
    await store.write([row('big', value)]);
    expect((await store.read(['big'])).get('big')?.value === value).toBe(true);
  });

  test('of one write are stored together or not at all', async () => {
    await store.write([row('a', 'old')]);
    const other = new Database(path);
    other.exec("create trigger refuse before insert on system_settings when new.name = 'b' begin select raise(abort, 'no'); end");
    other.close();
    const error = await failureOf(store.write([row('a', 'new'), row('b', 'new')]));
    expect(error.code).toBe('SETTINGS_UNAVAILABLE');
    const read = await store.read(['a', 'b']);
    expect([read.get('a')?.value, read.get('b')]).toEqual(['old', undefined]);
  });

  test('reading nothing gives nothing', async () => {
    expect((await store.read([])).size).toBe(0);
  });

  test('that hold no text are refused by name', async () => {
    await store.write([row('a', '1')]);
    const other = new Database(path);
    other.exec("update system_settings set value = x'00ff' where name = 'a'");
    other.close();
    const error = await failureOf(store.read(['a']));
    expect([error.code, error.details]).toEqual(['CONFIG_INVALID', { row: 'a' }]);
  });
});

describe('refusals', () => {
  test('a name of 128 characters is taken, one of 129 is not', async () => {
    await store.write([row('n'.repeat(128), 'x')]);
    expect((await store.read(['n'.repeat(128)])).size).toBe(1);
    for (const call of [() => store.read(['n'.repeat(129)]), () => store.write([row('n'.repeat(129), 'x')])]) {
      const error = await failureOf(call());
      expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'name' }]);
    }
  });

  test.each([
    ['an empty name', row('', 'x')],
    ['a NUL in a name', row('a\0', 'x')],
    ['a NUL in a value', row('a', 'x\0y')],
    ['half a character in a value', row('a', '\ud800')],
  ])('%s is refused and nothing is stored', async (_, setting) => {
    expect((await failureOf(store.write([row('good', 'x'), setting]))).code).toBe('REQUEST_INVALID');
    expect((await store.read(['good'])).size).toBe(0);
  });

  test('an aborted signal ends the call before anything is opened', async () => {
    const error = await failureOf(store.write([row('a', '1')], { signal: AbortSignal.abort('enough') }));
    expect([error.code, error.cause]).toEqual(['CANCELLED', 'enough']);
    expect(existsSync(path)).toBe(false);
  });

  test('a closed store refuses every call, closing twice is allowed', async () => {
    await store.write([row('a', '1')]);
    await store.close();
    await store.close();
    for (const call of [() => store.read(['a']), () => store.write([row('a', '2')])]) {
      const error = await failureOf(call());
      expect(error.code).toBe('SETTINGS_UNAVAILABLE');
      expect(error.message).toContain(path);
    }
  });

  test('a call that began before closing still completes', async () => {
    const writing = store.write([row('a', '1')]);
    await store.close();
    await writing;
    store = openSqliteSettings({ path });
    expect((await store.read(['a'])).size).toBe(1);
  });
});

describe('the file', () => {
  test('is created for its owner only, side files included', async () => {
    await store.write([row('a', '1')]);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  test('opening alone touches nothing', () => {
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is not created when that was not asked for', async () => {
    const careful = openSqliteSettings({ path, create: false });
    const error = await failureOf(careful.read(['a']));
    expect([error.code, error.details]).toEqual(['CONFIG_MISSING', { path }]);
    expect(existsSync(path)).toBe(false);
    await store.write([row('a', '1')]);
    expect((await careful.read(['a'])).size).toBe(1);
    await careful.close();
  });

  test('in a folder that does not exist is reported with its path and a remedy', async () => {
    const lost = openSqliteSettings({ path: join(folder, 'absent', 'settings.sqlite') });
    const error = await failureOf(lost.read(['a']));
    expect([error.code, error.details?.['code']]).toEqual(['SETTINGS_UNAVAILABLE', 'ENOENT']);
    expect(error.message).toContain(join(folder, 'absent'));
    expect(error.suggestion).toContain('Create the folder');
    await lost.close();
  });

  test('that is no database is reported, and the store works once it is mended', async () => {
    writeFileSync(path, 'this was never a database. '.repeat(400));
    const error = await failureOf(store.read(['a']));
    expect([error.code, error.details]).toEqual(['SETTINGS_UNAVAILABLE', { path, code: 'SQLITE_NOTADB' }]);
    expect(error.suggestion).toContain('move the file away');
    rmSync(path);
    await store.write([row('a', '1')]);
    expect((await store.read(['a'])).size).toBe(1);
  });

  test('that is a folder is reported', async () => {
    const misplaced = openSqliteSettings({ path: folder });
    const error = await failureOf(misplaced.read(['a']));
    expect([error.code, error.details]).toEqual(['SETTINGS_UNAVAILABLE', { path: folder }]);
    await misplaced.close();
  });

  test('that is damaged in the middle is reported as damaged', async () => {
    await store.write(Array.from({ length: 50 }, (_, index) => row(`row.${index}`, 'x'.repeat(2000))));
    await store.close();
    // The first page, which holds the table's definition, stays; everything behind it is gone.
    writeFileSync(path, readFileSync(path).fill(0xff, 4096));
    store = openSqliteSettings({ path });
    const error = await failureOf(store.read(['row.7']));
    expect([error.code, error.details?.['code']]).toEqual(['SETTINGS_UNAVAILABLE', 'SQLITE_CORRUPT']);
  });

  test('that was replaced while it was open is read anew', async () => {
    await store.write([row('a', 'old')]);
    const replacement = openSqliteSettings({ path: join(folder, 'new.sqlite') });
    await replacement.write([row('a', 'new')]);
    await replacement.close();
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    renameSync(join(folder, 'new.sqlite'), path);
    expect((await store.read(['a'])).get('a')?.value).toBe('new');
  });

  test('that another program made, without a write-ahead log, is used as it is', async () => {
    const other = new Database(path);
    other.exec('create table system_settings (name varchar(128) primary key, source varchar(32), data_type varchar(32), value text)');
    other.exec("insert into system_settings values ('sandbox.provider_type', 'variable', 'string', 'docker')");
    other.close();
    chmodSync(path, 0o640);
    expect((await store.read([PROVIDER_TYPE_SETTING])).get(PROVIDER_TYPE_SETTING)?.value).toBe('docker');
    await store.write([row('a', '1')]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });
});
