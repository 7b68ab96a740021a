import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SandboxError } from '@sandport/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteSettings, type StoredSettings } from '../src/index.ts';

const OTHER_PROCESS = fileURLToPath(new URL('other-process.mjs', import.meta.url));
const ROW = { name: 'a', source: 'test', dataType: 'string', value: '1' };

let folder: string;
let path: string;
let store: StoredSettings;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandport-settings-'));
  path = join(folder, 'settings.sqlite');
  store = openSqliteSettings({ path, busyTimeoutMs: 4000 });
  await store.write([ROW]);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function startOther(...parameters: string[]) {
  return spawn(process.execPath, [OTHER_PROCESS, path, ...parameters], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SandboxError.isInstance(error)) throw new Error('a SandboxError was expected', { cause: error });
  return error.code;
}

test('both rows of another process are seen from one moment, while both sides write', async () => {
  const other = startOther('write', '200');
  const ended = once(other, 'exit');
  let reads = 0;
  while (other.exitCode === null) {
    const rows = await store.read(['pair.a', 'pair.b']);
    expect(rows.get('pair.a')?.value).toBe(rows.get('pair.b')?.value);
    await store.write([{ ...ROW, value: String(reads) }]);
    reads += 1;
    await delay(1);
  }
  expect((await ended)[0]).toBe(0);
  const rows = await store.read(['a', 'pair.a', 'pair.b']);
  expect(['a', 'pair.a', 'pair.b'].map((name) => rows.get(name)?.value)).toEqual([String(reads - 1), '199', '199']);
});

test('a lock of another process is waited for, without blocking timers and signals', async () => {
  const other = startOther('hold');
  await once(other.stdout, 'data');
  const impatient = openSqliteSettings({ path, busyTimeoutMs: 100 });
  expect(await codeOf(impatient.write([ROW]))).toBe('SETTINGS_UNAVAILABLE');
  await impatient.close();

  const controller = new AbortController();
  const aborted = codeOf(store.write([ROW], { signal: controller.signal }));
  const waiting = store.write([{ ...ROW, value: '2' }]);
  await delay(50);
  controller.abort();
  expect(await aborted).toBe('CANCELLED');

  other.stdin.write('release\n');
  await waiting;
  expect((await store.read(['a'])).get('a')?.value).toBe('2');
});

test('closing ends a call that waits for a lock', async () => {
  const other = startOther('hold');
  await once(other.stdout, 'data');
  const waiting = codeOf(store.write([ROW]));
  await delay(30);
  await store.close();
  expect(await waiting).toBe('SETTINGS_UNAVAILABLE');
  other.stdin.write('release\n');
  await once(other, 'exit');
});
