import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createHome, documentOf } from './run-in-process.ts';
import { storedRows } from './stored-rows.ts';

const newKey = (): string => randomBytes(32).toString('base64');

/** The keys of a key file, the current one first. */
const keysIn = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

describe('secrets create-key', () => {
  test('makes a file for its owner alone beside the settings, and never shows the key', async () => {
    const home = createHome();
    const path = `${home.settingsPath}.key`;
    const { exitCode, stdout, stderr } = await home.run(['secrets', 'create-key']);
    const [key = ''] = keysIn(path);
    expect([exitCode, statSync(path).mode & 0o777]).toEqual([0, 0o600]);
    expect(stdout).toMatch(/^Made the master key [0-9a-f]{16} in /);
    expect(stderr).toContain('Keep a copy');
    expect(stderr).not.toContain('SANDPORT_MASTER_KEY_FILE');
    expect(stdout + stderr).not.toContain(key);
  });

  test('leaves a file that is there alone', async () => {
    const home = createHome();
    await home.run(['secrets', 'create-key']);
    const before = readFileSync(`${home.settingsPath}.key`, 'utf8');
    const { exitCode, stderr } = await home.run(['secrets', 'create-key']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('exists already')]);
    expect(readFileSync(`${home.settingsPath}.key`, 'utf8')).toBe(before);
  });

  test('elsewhere says how programs find it, and what decides instead of it', async () => {
    const home = createHome();
    const path = join(home.homeFolder, 'master.key');
    const environment = { NO_COLOR: '1', SANDPORT_MASTER_KEY: newKey() };
    const { stderr } = await home.run(['secrets', 'create-key', '--file', path], { environment });
    expect(stderr).toContain(`SANDPORT_MASTER_KEY_FILE=${path}`);
    expect(stderr).toContain('The variable SANDPORT_MASTER_KEY is set here and decides');
    const other = join(home.homeFolder, 'other.key');
    const named = await home.run(['secrets', 'create-key', '--file', other, '--json'], {
      environment: { SANDPORT_MASTER_KEY_FILE: other },
    });
    expect(documentOf(named)).toMatchObject({ file: other, isFoundByItself: false });
    expect(documentOf(named)['keyId']).toMatch(/^[0-9a-f]{16}$/);
  });

  test('needs a path for settings on a server', async () => {
    const environment = { SANDPORT_SETTINGS: 'postgres://sandport@db/sandport' };
    const { exitCode, stderr } = await createHome().run(['secrets', 'create-key'], { environment });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--file')]);
  });
});

describe('replacing a master key', () => {
  test('adds one, wraps everything under it, and needs the former one no more', async () => {
    const home = createHome();
    const path = `${home.settingsPath}.key`;
    await home.run(['secrets', 'create-key']);
    await home.run(['config', 'set', 'fake', '--secret-stdin', 'token'], { input: 'first' });
    await home.run(['config', 'use', 'fake']);
    const digest = (await storedRows(home.settingsPath))['sandbox.passport.fake'];
    const added = await home.run(['secrets', 'add-key']);
    expect([added.exitCode, keysIn(path).length, added.stderr]).toEqual([0, 2, expect.stringContaining('sandport secrets rotate')]);
    for (const key of keysIn(path)) expect(added.stdout).not.toContain(key);
    const rotated = await home.run(['secrets', 'rotate']);
    expect([rotated.exitCode, rotated.stdout]).toEqual([
      0,
      expect.stringMatching(/^Wrapped under the master key [0-9a-f]{16}: 1 rows in use, 2 rows of 2 versions\.\n$/),
    ]);
    writeFileSync(path, `${keysIn(path)[0]}\n`, { mode: 0o600 });
    expect((await home.run(['config', 'test'])).exitCode).toBe(0);
    expect(JSON.parse((await storedRows(home.settingsPath))['sandbox.passport.fake'] ?? '')).toMatchObject({
      configDigest: (JSON.parse(digest ?? '') as { configDigest: string }).configDigest,
    });
  });

  test('says which rows need a key that is not there, and ends with 1', async () => {
    const home = createHome();
    await home.run(['secrets', 'create-key']);
    await home.run(['config', 'set', 'fake', '--secret-stdin', 'token'], { input: 'first' });
    writeFileSync(`${home.settingsPath}.key`, `${newKey()}\n`, { mode: 0o600 });
    const outcome = await home.run(['secrets', 'rotate']);
    expect([outcome.exitCode, outcome.stderr]).toEqual([1, expect.stringContaining('version 1: sandbox.fake needs a key')]);
    expect(documentOf(await home.run(['secrets', 'rotate', '--json']))).toMatchObject({ unreadableCount: 2 });
    const { exitCode, stderr } = await home.run(['config', 'test', 'fake']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('sandbox.fake')]);
  });

  test.each([
    ['SANDPORT_MASTER_KEY', 'SANDPORT_MASTER_KEYS_FORMER'],
    ['SANDPORT_MASTER_KEY_COMMAND', 'print a new key before the present ones'],
  ])('of a key that comes from %s is the operator’s, and it is said how', async (variable, advice) => {
    const { exitCode, stderr } = await createHome().run(['secrets', 'add-key'], { environment: { [variable]: newKey() } });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(advice)]);
  });

  test('without a key file says how to make one', async () => {
    expect((await createHome().run(['secrets', 'add-key'])).exitCode).toBe(3);
    const environment = { SANDPORT_SETTINGS: 'mysql://sandport@db/sandport' };
    expect((await createHome().run(['secrets', 'add-key'], { environment })).exitCode).toBe(2);
    const home = createHome();
    await home.run(['config', 'use', 'fake']);
    const { exitCode, stderr } = await home.run(['secrets', 'rotate']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('sandport secrets create-key')]);
  });
});
