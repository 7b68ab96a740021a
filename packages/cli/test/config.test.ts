import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { openSqliteSettings } from '@sandport/settings';
import { describe, expect, test } from 'vitest';
import { createHome, documentOf } from './run-in-process.ts';

const TOKEN = 'tok-do-not-show-4711';

async function storedRows(path: string): Promise<Record<string, string>> {
  const settings = openSqliteSettings({ path });
  const rows = await settings.read(['sandbox.provider_type', 'sandbox.fake', 'sandbox.other']);
  await settings.close();
  return Object.fromEntries([...rows.values()].map((row) => [row.name, row.value]));
}

async function store(path: string, rows: Readonly<Record<string, string>>): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const settings = openSqliteSettings({ path });
  await settings.write(Object.entries(rows).map(([name, value]) => ({ name, source: 'test', dataType: 'json', value })));
  await settings.close();
}

describe('config use', () => {
  test('creates the settings for their owner alone and stores choice and configuration together', async () => {
    const home = createHome();
    const { exitCode, stdout } = await home.run(['config', 'use', 'fake']);
    expect([exitCode, stdout]).toEqual([0, 'Code now runs on "fake" (Fake).\n']);
    expect(await storedRows(home.settingsPath)).toEqual({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{}' });
    expect([statSync(home.settingsPath).mode & 0o777, statSync(dirname(home.settingsPath)).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test('keeps a configuration that is there', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=3']);
    await home.run(['config', 'use', 'fake']);
    expect(await storedRows(home.settingsPath)).toEqual({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{"level":3}' });
  });

  test.each([
    ['{"level": 99}', 2, 'level'],
    ['{broken', 3, 'is not valid JSON'],
  ])('does not choose a provider whose configuration is %s', async (text, code, message) => {
    const home = createHome();
    await store(home.settingsPath, { 'sandbox.provider_type': 'other', 'sandbox.fake': text });
    const { exitCode, stderr } = await home.run(['config', 'use', 'fake']);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)]);
    expect((await storedRows(home.settingsPath))['sandbox.provider_type']).toBe('other');
  });

  test('refuses a provider that is not carried, and a folder that does not exist', async () => {
    const home = createHome();
    expect((await home.run(['config', 'use', 'dokcer'])).exitCode).toBe(2);
    const { exitCode, stderr } = await home.run(['config', 'use', 'fake', '--settings', '/does/not/exist/s.sqlite']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('its folder does not exist')]);
  });
});

describe('config set', () => {
  test('reads each value by the type of its field', async () => {
    const home = createHome();
    const words = ['config', 'set', 'fake', 'label=a=b', 'level=7', 'fast=true', 'hosts=["x"]', `token=${TOKEN}`];
    const { exitCode, stdout, stderr } = await home.run(words);
    expect([exitCode, stdout]).toEqual([0, 'Stored label, level, fast, hosts, token of "fake".\n']);
    expect(stderr).toContain('sandport config use fake');
    expect(JSON.parse((await storedRows(home.settingsPath))['sandbox.fake'] ?? '')).toEqual({
      label: 'a=b',
      level: 7,
      fast: true,
      hosts: ['x'],
      token: TOKEN,
    });
  });

  test('changes the named fields only; an empty value takes a field back; --reset forgets the others', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'label=x', 'level=2']);
    await home.run(['config', 'set', 'fake', 'level=3']);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"label":"x","level":3}');
    await home.run(['config', 'set', 'fake', 'label=']);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"level":3}');
    await home.run(['config', 'set', 'fake', '--reset', 'fast=false']);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"fast":false}');
  });

  test.each([
    ['out of its range', 'level=10', 'level'],
    ['not a number', 'level=many', 'level: must be a number'],
    ['a number with a unit', 'level=3s', 'level: must be a number'],
    ['not a boolean', 'fast=yes', 'fast: must be true or false'],
    ['not JSON', 'hosts=x', 'hosts: must be JSON'],
    ['of the wrong shape', 'hosts={}', 'hosts'],
    ['of an unknown field', 'lebel=1', 'Its fields are: label, level, fast, hosts, token'],
    ['without a key', 'x', 'no KEY='],
  ])('stores nothing when a value is %s', async (_, assignment, message) => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=4']);
    const { exitCode, stderr } = await home.run(['config', 'set', 'fake', 'label=new', assignment]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"level":4}');
  });

  test('mends a broken row with --reset only', async () => {
    const home = createHome();
    await store(home.settingsPath, { 'sandbox.fake': `{"token": "${TOKEN}` });
    const refused = await home.run(['config', 'set', 'fake', 'level=4']);
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('--reset')]);
    expect(refused.stderr).not.toContain(TOKEN);
    expect((await home.run(['config', 'set', 'fake', '--reset', 'level=4'])).exitCode).toBe(0);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"level":4}');
  });
});

describe('config get', () => {
  test('shows the fields with their defaults, and no secret', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'label=x', `token=${TOKEN}`]);
    await home.run(['config', 'use', 'fake']);
    const { exitCode, stdout } = await home.run(['config', 'get']);
    expect([exitCode, stdout]).toEqual([
      0,
      `settings  ${home.settingsPath}\nprovider  fake\n\nfake (Fake)\n  label  x\n  level  1 (default)\n  fast   false (default)\n  token  [redacted]\n`,
    ]);
  });

  test('gives the same as one document', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=2', `token=${TOKEN}`]);
    const outcome = await home.run(['config', 'get', '--json']);
    expect(documentOf(outcome)).toEqual({
      settingsPath: home.settingsPath,
      providerType: null,
      providers: [
        {
          id: 'fake',
          displayName: 'Fake',
          fields: [
            { name: 'label', value: 'unnamed', isDefault: true },
            { name: 'level', value: 2, isDefault: false },
            { name: 'fast', value: false, isDefault: true },
            { name: 'token', value: '[redacted]', isDefault: false },
          ],
          problem: null,
        },
      ],
    });
  });

  test('hides what it does not understand, and names the trouble', async () => {
    const home = createHome();
    await store(home.settingsPath, { 'sandbox.fake': `{"tokne": "${TOKEN}"}`, 'sandbox.other': `"${TOKEN}"` });
    const pretty = await home.run(['config', 'get']);
    const json = await home.run(['config', 'get', '--json']);
    expect(pretty.stdout).toContain('tokne  [hidden]');
    expect(pretty.stdout).toContain('Not a known field: tokne');
    expect(pretty.stdout).toContain('is not a JSON object');
    for (const { stdout, stderr } of [pretty, json]) expect(stdout + stderr).not.toContain(TOKEN);
  });

  test('of settings that are no database ends with 3 and names the file', async () => {
    const home = createHome();
    mkdirSync(dirname(home.settingsPath), { recursive: true });
    writeFileSync(home.settingsPath, 'no database. '.repeat(100));
    const { exitCode, stderr } = await home.run(['config', 'get']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(home.settingsPath)]);
  });
});
