import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createHome, documentOf } from './run-in-process.ts';
import { storedRows, storeRows } from './stored-rows.ts';

const TOKEN = 'tok-do-not-show-4711';

describe('config use', () => {
  test('creates the settings for their owner alone and stores choice and configuration together', async () => {
    const home = createHome();
    const { exitCode, stdout } = await home.run(['config', 'use', 'fake']);
    expect([exitCode, stdout]).toEqual([0, 'Code now runs on "fake" (Fake).\n']);
    expect(await storedRows(home.settingsPath)).toMatchObject({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{}' });
    expect([statSync(home.settingsPath).mode & 0o777, statSync(dirname(home.settingsPath)).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test('keeps a configuration that is there', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=3']);
    await home.run(['config', 'use', 'fake']);
    expect(await storedRows(home.settingsPath)).toMatchObject({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{"level":3}' });
  });

  test('says that nothing has to be done for the provider in use, and makes no version', async () => {
    const home = createHome();
    await home.run(['config', 'use', 'fake']);
    const { exitCode, stdout } = await home.run(['config', 'use', 'fake']);
    expect([exitCode, stdout]).toEqual([0, 'Code runs on "fake" (Fake) already.\n']);
    expect(documentOf(await home.run(['config', 'get', '--json']))['version']).toBe(1);
  });

  test.each([
    ['{"level": 99}', 2, 'level'],
    ['{broken', 3, 'is not valid JSON'],
  ])('does not choose a provider whose configuration is %s', async (text, code, message) => {
    const home = createHome();
    await storeRows(home.settingsPath, { 'sandbox.provider_type': 'other', 'sandbox.other': '{}', 'sandbox.fake': text });
    await home.run(['secrets', 'create-key']);
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
    const { exitCode, stdout, stderr } = await home.run(['config', 'set', 'fake', 'label=a=b', 'level=7', 'fast=true', 'hosts=["x"]']);
    expect([exitCode, stdout]).toEqual([0, 'Stored label, level, fast, hosts of "fake".\n']);
    expect(stderr).toContain('sandport config use fake');
    expect(JSON.parse((await storedRows(home.settingsPath))['sandbox.fake'] ?? '')).toEqual({
      label: 'a=b',
      level: 7,
      fast: true,
      hosts: ['x'],
    });
  });

  test('changes the named fields only; an empty value takes a field back; --reset forgets the others', async () => {
    const home = createHome();
    const stored = async () => (await storedRows(home.settingsPath))['sandbox.fake'];
    await home.run(['config', 'set', 'fake', 'label=x', 'level=2']);
    await home.run(['config', 'set', 'fake', 'level=3']);
    expect(await stored()).toBe('{"label":"x","level":3}');
    await home.run(['config', 'set', 'fake', 'label=']);
    expect(await stored()).toBe('{"level":3}');
    await home.run(['config', 'set', 'fake', '--reset', 'fast=false']);
    expect(await stored()).toBe('{"fast":false}');
    await home.run(['config', 'set', 'fake', '--reset']);
    expect(await stored()).toBe('{}');
  });

  test.each([
    ['out of its range', ['level=10'], 'level'],
    ['not a number', ['level=many'], 'level: must be a number'],
    ['a number with a unit', ['level=3s'], 'level: must be a number'],
    ['not a boolean', ['fast=yes'], 'fast: must be true or false'],
    ['not JSON', ['hosts=x'], 'hosts: must be JSON'],
    ['of the wrong shape', ['hosts={}'], 'hosts'],
    ['of an unknown field', ['lebel=1'], 'Its fields are: label, level, fast, hosts, token'],
    ['without a key', ['x'], 'no KEY='],
    ['given twice', ['label=other'], 'label: is given twice'],
  ])('stores nothing when a value is %s', async (_, assignments, message) => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=4']);
    const { exitCode, stderr } = await home.run(['config', 'set', 'fake', 'label=new', ...assignments]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"level":4}');
  });

  test('that changes nothing is a mistake', async () => {
    const { exitCode, stderr } = await createHome().run(['config', 'set', 'fake']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Write KEY=VALUE, --secret FIELD, or --reset')]);
  });

  test('mends a broken row with --reset only, and shows nothing of it', async () => {
    const home = createHome();
    await storeRows(home.settingsPath, { 'sandbox.fake': `{"token": "${TOKEN}` });
    await home.run(['secrets', 'create-key']);
    const refused = await home.run(['config', 'set', 'fake', 'level=4', '--debug']);
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('--reset')]);
    expect(refused.stderr).not.toContain(TOKEN);
    expect((await home.run(['config', 'set', 'fake', '--reset', 'level=4'])).exitCode).toBe(0);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"level":4}');
  });

  test('keeps fields that nobody knows from being lost without a word', async () => {
    const home = createHome();
    await storeRows(home.settingsPath, { 'sandbox.fake': '{"levle": 4}' });
    const { exitCode, stderr } = await home.run(['config', 'set', 'fake', 'level=4']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('levle')]);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"levle": 4}');
  });
});

describe('config get', () => {
  test('shows the fields with their defaults, and whether a secret is set', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'label=x']);
    await home.run(['config', 'use', 'fake']);
    const { exitCode, stdout } = await home.run(['config', 'get']);
    expect([exitCode, stdout]).toEqual([
      0,
      [
        `settings  ${home.settingsPath}`,
        'version   2',
        'provider  fake',
        '',
        'fake (Fake)',
        '  label  x',
        '  level  1 (default)',
        '  fast   false (default)',
        '  token  not set',
        '',
      ].join('\n'),
    ]);
  });

  test('gives the same as one document', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=2']);
    const outcome = await home.run(['config', 'get', '--json']);
    expect(documentOf(outcome)).toEqual({
      settings: home.settingsPath,
      database: 'sqlite',
      version: 1,
      override: null,
      changedElsewhere: [],
      providerType: null,
      providers: [
        {
          id: 'fake',
          displayName: 'Fake',
          isCarried: true,
          fields: [
            { name: 'label', value: 'unnamed', isDefault: true, secret: null },
            { name: 'level', value: 2, isDefault: false, secret: null },
            { name: 'fast', value: false, isDefault: true, secret: null },
            { name: 'token', value: null, isDefault: false, secret: 'not set' },
          ],
          problem: null,
        },
      ],
      policy: null,
      fallback: [],
      problems: [],
    });
  });

  test('hides what it does not understand, and names the trouble', async () => {
    const home = createHome();
    await storeRows(home.settingsPath, {
      'sandbox.fake': `{"tokne": "${TOKEN}", "token": "${TOKEN}"}`,
      'sandbox.other': `"${TOKEN}"`,
      'sandbox.elsewhere': `{"apiKey": "${TOKEN}"}`,
      'sandbox.policy': `{"${TOKEN}": 1}`,
    });
    const pretty = await home.run(['config', 'get']);
    const json = await home.run(['config', 'get', '--json']);
    expect(pretty.stdout).toContain('token  set (in the clear)');
    expect(pretty.stdout).toContain('fields that are not known: tokne');
    expect(pretty.stdout).toContain('is not a JSON object');
    expect(pretty.stdout).toContain('elsewhere (not carried by this command)');
    expect(pretty.stdout).toContain('sandbox.policy');
    expect(pretty.stdout).toContain('changed by another program since that version: sandbox.elsewhere, sandbox.fake');
    for (const { stdout, stderr } of [pretty, json]) expect(stdout + stderr).not.toContain(`"${TOKEN}"`);
  });

  test('of settings that are no database ends with 3 and names the file', async () => {
    const home = createHome();
    mkdirSync(dirname(home.settingsPath), { recursive: true });
    writeFileSync(home.settingsPath, 'no database. '.repeat(100));
    const { exitCode, stderr } = await home.run(['config', 'get']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(home.settingsPath)]);
  });
});
