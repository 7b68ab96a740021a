import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { describeKeySource, loadKeyRing } from '../../src/secrets/master-key-sources.ts';
import { generateMasterKey } from '../../src/secrets/master-key.ts';
import { everythingShown, failureOf } from './failure-of.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandport-sources-'));
  path = join(folder, 'settings.sqlite.key');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function idOf(key: string): string {
  return KeyRing.of([{ key }]).currentId;
}

describe('the first configured source', () => {
  test('is the one, in the order: given, variable, file, command, default file', async () => {
    const keys = Array.from({ length: 5 }, generateMasterKey);
    const [given = '', variable = '', file = '', command = '', byDefault = ''] = keys;
    const named = join(folder, 'named.key');
    writeFileSync(named, file, { mode: 0o600 });
    writeFileSync(path, byDefault, { mode: 0o600 });
    const environment: Record<string, string> = {
      SANDPORT_MASTER_KEY: variable,
      SANDPORT_MASTER_KEY_FILE: named,
      SANDPORT_MASTER_KEY_COMMAND: JSON.stringify([process.execPath, '-p', JSON.stringify(command)]),
    };
    const current = async (keyRing?: KeyRing) => (await loadKeyRing({ environment, keyRing, defaultKeyFile: path }))?.currentId;
    expect(await current(KeyRing.of([{ key: given }]))).toBe(idOf(given));
    expect(await current()).toBe(idOf(variable));
    environment['SANDPORT_MASTER_KEY'] = '';
    expect(await current()).toBe(idOf(file));
    delete environment['SANDPORT_MASTER_KEY_FILE'];
    expect(await current()).toBe(idOf(command));
    delete environment['SANDPORT_MASTER_KEY_COMMAND'];
    expect(await current()).toBe(idOf(byDefault));
    rmSync(path);
    expect(await current()).toBeUndefined();
  });

  test('is not passed over when it is broken', async () => {
    writeFileSync(path, generateMasterKey(), { mode: 0o600 });
    for (const environment of [
      { SANDPORT_MASTER_KEY: ' ' },
      { SANDPORT_MASTER_KEY_FILE: join(folder, 'absent') },
      { SANDPORT_MASTER_KEY_COMMAND: '[]' },
    ]) {
      expect((await failureOf(() => loadKeyRing({ environment, defaultKeyFile: path }))).code).toBe('CONFIG_INVALID');
    }
  });

  test('is not even the default file when that one is open to others', async () => {
    writeFileSync(path, generateMasterKey());
    expect((await failureOf(() => loadKeyRing({ environment: {}, defaultKeyFile: path }))).message).toContain(path);
  });

  test('does not exist where nothing is configured', async () => {
    expect(await loadKeyRing({ environment: {} })).toBeUndefined();
    expect(await describeKeySource({ environment: {}, defaultKeyFile: path })).toBeUndefined();
  });
});

describe('keys in variables', () => {
  test('are a current one and former ones', async () => {
    const keys = Array.from({ length: 3 }, generateMasterKey);
    const environment = { SANDPORT_MASTER_KEY: `${keys[0]}\n`, SANDPORT_MASTER_KEYS_FORMER: `${keys[1]}, ${keys[2]}` };
    const ring = await loadKeyRing({ environment });
    expect([ring?.currentId, ...(ring?.formerIds ?? [])]).toEqual(keys.map(idOf));
  });

  test.each([
    ['a former key without a current one', '', generateMasterKey(), 'SANDPORT_MASTER_KEYS_FORMER: is set without SANDPORT_MASTER_KEY.'],
    ['a comma too many', generateMasterKey(), `${generateMasterKey()},`, 'SANDPORT_MASTER_KEYS_FORMER, key 2: is empty.'],
    ['no key', 'planted', '', 'SANDPORT_MASTER_KEY: is neither base64 nor 64 hexadecimal digits.'],
    [
      'no former key',
      generateMasterKey(),
      '/planted/path!',
      'SANDPORT_MASTER_KEYS_FORMER, key 1: is neither base64 nor 64 hexadecimal digits.',
    ],
  ])('are refused by the name of the variable: %s', async (_, key, former, message) => {
    const error = await failureOf(() => loadKeyRing({ environment: { SANDPORT_MASTER_KEY: key, SANDPORT_MASTER_KEYS_FORMER: former } }));
    expect([error.code, error.message]).toEqual(['CONFIG_INVALID', message]);
    const shown = everythingShown(error);
    for (const text of [key, former, 'planted']) if (text !== '') expect(shown).not.toContain(text);
  });
});

describe('a description', () => {
  test('names the source, the ids, and the variables that nobody looks at; no key', async () => {
    const [key, former] = [generateMasterKey(), generateMasterKey()];
    const environment = {
      SANDPORT_MASTER_KEY: key,
      SANDPORT_MASTER_KEYS_FORMER: former,
      SANDPORT_MASTER_KEY_FILE: join(folder, 'absent'),
      SANDPORT_MASTER_KEY_COMMAND: '[broken',
    };
    const description = await describeKeySource({ environment, defaultKeyFile: path });
    expect(description).toEqual({
      source: 'the variable SANDPORT_MASTER_KEY',
      currentId: idOf(key),
      formerIds: [idOf(former)],
      unusedVariables: ['SANDPORT_MASTER_KEY_FILE', 'SANDPORT_MASTER_KEY_COMMAND'],
    });
    for (const text of [key, former]) expect(everythingShown(description)).not.toContain(text);
  });

  test('names a file by its path, and a command by its program', async () => {
    const key = generateMasterKey();
    writeFileSync(path, key, { mode: 0o600 });
    const command = JSON.stringify([process.execPath, '-p', JSON.stringify(key)]);
    const sources = [
      await describeKeySource({ environment: {}, defaultKeyFile: path }),
      await describeKeySource({ environment: { SANDPORT_MASTER_KEY_FILE: path } }),
      await describeKeySource({ environment: { SANDPORT_MASTER_KEY_COMMAND: command } }),
      await describeKeySource({ environment: {}, keyRing: KeyRing.of([{ key }]) }),
    ].map((description) => description?.source);
    expect(sources).toEqual([`the key file "${path}"`, `the key file "${path}"`, 'the key command "node"', 'the program itself']);
  });

  test('fails as the reading does', async () => {
    const environment = { SANDPORT_MASTER_KEY: 'planted' };
    expect((await failureOf(() => describeKeySource({ environment }))).code).toBe('CONFIG_INVALID');
  });
});

test('a withdrawn call reads nothing', async () => {
  const environment = { SANDPORT_MASTER_KEY: generateMasterKey() };
  expect(await failureOf(() => loadKeyRing({ environment, signal: AbortSignal.abort('enough') }))).toMatchObject({
    code: 'CANCELLED',
    cause: 'enough',
  });
});
