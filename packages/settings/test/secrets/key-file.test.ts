import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeModeProblem } from '../../src/secrets/key-file.ts';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { loadKeyRing } from '../../src/secrets/master-key-sources.ts';
import { generateMasterKey } from '../../src/secrets/master-key.ts';
import { addKeyToFile, writeKeyFile } from '../../src/secrets/write-key-file.ts';
import { everythingShown, failureOf } from './failure-of.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandport-keys-'));
  path = join(folder, 'master.key');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function load(file = path): Promise<KeyRing | undefined> {
  return loadKeyRing({ environment: { SANDPORT_MASTER_KEY_FILE: file } });
}

function write(text: string, mode = 0o600): void {
  writeFileSync(path, text, { mode });
  // Whatever the umask took away.
  chmodSync(path, mode);
}

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

describe('reading a key file', () => {
  test('takes the first line that is no remark as the current key, and the others as former ones', async () => {
    const keys = [generateMasterKey(), generateMasterKey(), generateMasterKey()];
    write(`\uFEFF# remark\r\n\r\n${keys[0]}\r\n  # another\n${keys[1]}\n\n${keys[2]}`);
    expect(JSON.stringify(await load())).toBe(JSON.stringify(KeyRing.of(keys.map((key) => ({ key })))));
  });

  test('says which line holds no key, and not what it holds', async () => {
    write(`${generateMasterKey()}\n# remark\nplanted secret\n`);
    const error = await failureOf(load);
    expect([error.code, error.message]).toEqual([
      'CONFIG_INVALID',
      `the key file "${path}", line 3: is neither base64 nor 64 hexadecimal digits.`,
    ]);
    expect(everythingShown(error)).not.toContain('planted');
  });

  test.each([
    ['an empty file', '', 'has no key'],
    ['nothing but remarks', '# one\n\n# two\n', 'has no key'],
    ['more than a key file has', '#'.repeat(65_537), 'has more than 65536 bytes'],
  ])('refuses %s', async (_, text, finding) => {
    write(text);
    const error = await failureOf(load);
    expect([error.code, error.message]).toEqual(['CONFIG_INVALID', `the key file "${path}": ${finding}.`]);
  });

  test('takes a file of exactly the most that it may have', async () => {
    const key = generateMasterKey();
    write(`${key}\n${'#'.repeat(65_535 - key.length)}`);
    expect(statSync(path).size).toBe(65_536);
    expect((await load())?.currentId).toBe(KeyRing.of([{ key }]).currentId);
  });

  test('refuses a file that is not there, a folder, and a pipe without waiting for its writer', async () => {
    execFileSync('mkfifo', [path]);
    for (const [file, finding] of [
      [join(folder, 'absent'), 'does not exist'],
      [join(path, 'below'), 'lies in something that is no folder'],
      [folder, 'is no plain file'],
      [path, 'is no plain file'],
      ['\0', 'has no path that the system knows'],
    ] as const) {
      const error = await failureOf(() => load(file));
      expect([error.code, error.message]).toEqual(['CONFIG_INVALID', `the key file "${file}": ${finding}.`]);
    }
  });

  test('follows links, as platforms mount secrets', async () => {
    write(generateMasterKey());
    symlinkSync(path, join(folder, 'link'));
    expect((await load(join(folder, 'link')))?.currentId).toBe((await load())?.currentId);
  });
});

describe('who may use a key file', () => {
  test.each([0o600, 0o400, 0o700])('its owner alone: %o is accepted', async (mode) => {
    write(generateMasterKey(), mode);
    expect(await load()).toBeDefined();
  });

  test.each([0o644, 0o604, 0o444, 0o620, 0o602, 0o666])('nobody else: %o is refused with the way to mend it', async (mode) => {
    write(generateMasterKey(), mode);
    const error = await failureOf(load);
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.suggestion).toContain(`chmod 600 "${path}"`);
    expect(await failureOf(() => addKeyToFile(path))).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test.each([
    ['of a user, read by its group', 0o640, 1000, 'may be read by the group of its owner'],
    ['of root, read by the group that root gave it to', 0o440, 0, undefined],
    ['of root, read by everybody', 0o444, 0, 'may be read by every user'],
    ['of root, changed by its group', 0o660, 0, 'may be changed by other users than its owner'],
    ['of a user, for itself', 0o600, 1000, undefined],
  ])('a file %s', (_, mode, userId, problem) => {
    expect(describeModeProblem({ mode, userId })).toBe(problem);
  });
});

describe('a new key file', () => {
  test('has one key, and its owner alone may read it', async () => {
    const ring = await writeKeyFile(path);
    expect(modeOf(path)).toBe('600');
    expect(JSON.stringify(await load())).toBe(JSON.stringify(ring));
    expect(ring.formerIds).toEqual([]);
  });

  test('never takes the place of a file that is there', async () => {
    write('something else');
    const error = await failureOf(() => writeKeyFile(path));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'path', path }]);
    expect(readFileSync(path, 'utf8')).toBe('something else');
  });

  test('needs its folder', async () => {
    const error = await failureOf(() => writeKeyFile(join(folder, 'absent', 'master.key')));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('absent');
  });
});

describe('a further key', () => {
  test('becomes the current one; former keys, remarks and mode stay', async () => {
    const before = await writeKeyFile(path);
    const text = readFileSync(path, 'utf8');
    chmodSync(path, 0o400);
    const after = await addKeyToFile(path);
    expect(after.formerIds).toEqual([before.currentId]);
    expect(JSON.stringify(await load())).toBe(JSON.stringify(after));
    expect(modeOf(path)).toBe('400');
    const remark = text.slice(0, text.indexOf('\n') + 1);
    expect(readFileSync(path, 'utf8').startsWith(remark)).toBe(true);
    expect(readFileSync(path, 'utf8').endsWith(text.slice(remark.length))).toBe(true);
    expect(readdirSync(folder)).toEqual(['master.key']);
  });

  test('is put into the file behind a link', async () => {
    mkdirSync(join(folder, 'data'));
    const file = join(folder, 'data', 'master.key');
    await writeKeyFile(file);
    symlinkSync(file, path);
    const after = await addKeyToFile(path);
    expect((await load(file))?.currentId).toBe(after.currentId);
    expect(readFileSync(path, 'utf8')).toBe(readFileSync(file, 'utf8'));
  });

  test('is never lost when several are added at once: each is in the file, or was refused', async () => {
    await writeKeyFile(path);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => addKeyToFile(path)));
    const added = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.currentId] : []));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    const ring = await load();
    expect([ring?.currentId, ...(ring?.formerIds ?? [])]).toEqual(expect.arrayContaining(added));
    expect(ring?.formerIds).toHaveLength(added.length);
    expect(added.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'CONFIG_CONFLICT' });
  });

  test('is refused while another change is under way, or was interrupted', async () => {
    await writeKeyFile(path);
    const text = readFileSync(path, 'utf8');
    writeFileSync(`${path}.new`, 'half');
    const error = await failureOf(() => addKeyToFile(path));
    expect(error.code).toBe('CONFIG_CONFLICT');
    expect(error.suggestion).toContain(`${path}.new`);
    expect([readFileSync(path, 'utf8'), readFileSync(`${path}.new`, 'utf8')]).toEqual([text, 'half']);
  });

  test.each([
    ['is broken', 'no key'],
    ['is empty', ''],
  ])('is not put into a file that %s', async (_, text) => {
    write(text);
    expect((await failureOf(() => addKeyToFile(path))).code).toBe('CONFIG_INVALID');
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  test('needs a file', async () => {
    expect((await failureOf(() => addKeyToFile(path))).code).toBe('CONFIG_INVALID');
    expect(readdirSync(folder)).toEqual([]);
  });
});
