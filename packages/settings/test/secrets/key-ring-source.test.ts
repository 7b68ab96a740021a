import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeyRingSource } from '../../src/secrets/key-ring-source.ts';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { generateMasterKey } from '../../src/secrets/master-key.ts';
import { addKeyToFile, writeKeyFile } from '../../src/secrets/write-key-file.ts';
import { everythingShown, failureOf } from './failure-of.ts';

const UNKNOWN_ID = '0123456789abcdef';

let folder: string;
let path: string;
let nowMs: number;
let source: KeyRingSource;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandport-key-source-'));
  path = join(folder, 'master.key');
  nowMs = 1_000_000;
  source = sourceOf({ SANDPORT_MASTER_KEY_FILE: path });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function sourceOf(environment: Readonly<Record<string, string | undefined>>): KeyRingSource {
  return new KeyRingSource({ environment, clock: () => nowMs });
}

/** A source whose command notes each of its runs, and prints what the key file holds once a file named `go` is there. */
function countedSource(): { source: KeyRingSource; runs: () => number; go: () => void } {
  const [log, gate] = [join(folder, 'runs'), join(folder, 'go')];
  const script = `const fs = require("fs"); fs.appendFileSync(process.argv[1], "x");
    const look = () => fs.existsSync(process.argv[2]) ? process.stdout.write(fs.readFileSync(process.argv[3])) : setTimeout(look, 5); look()`;
  const command = JSON.stringify([process.execPath, '-e', script, log, gate, path]);
  return {
    source: sourceOf({ ...process.env, SANDPORT_MASTER_KEY_COMMAND: command }),
    runs: () => (existsSync(log) ? readFileSync(log, 'utf8').length : 0),
    go: () => writeFileSync(gate, ''),
  };
}

test('reads nothing before it is asked, and then once', async () => {
  const { currentId } = await writeKeyFile(path);
  expect((await source.current())?.currentId).toBe(currentId);
  rmSync(path);
  nowMs += 60_000;
  expect((await source.current())?.currentId).toBe(currentId);
  expect((await source.forKeyId(currentId))?.currentId).toBe(currentId);
});

test('reads again when a key is needed that it has not got, so that a new key needs no restart', async () => {
  const before = await writeKeyFile(path);
  await source.current();
  const after = await addKeyToFile(path);
  nowMs += 5000;
  const ring = await source.forKeyId(after.currentId);
  expect([ring?.currentId, ring?.formerIds]).toEqual([after.currentId, [before.currentId]]);
  expect((await source.current())?.currentId).toBe(after.currentId);
});

test('does not read again within 5 seconds', async () => {
  const before = await writeKeyFile(path);
  await source.current();
  const after = await addKeyToFile(path);
  nowMs += 4999;
  expect((await source.forKeyId(after.currentId))?.currentId).toBe(before.currentId);
  nowMs += 1;
  expect((await source.forKeyId(UNKNOWN_ID))?.currentId).toBe(after.currentId);
});

test('gives what seals the newest keys, also where the known ones would do', async () => {
  await writeKeyFile(path);
  await source.current();
  const after = await addKeyToFile(path);
  nowMs += 5000;
  expect((await source.newest())?.currentId).toBe(after.currentId);
});

test('goes on opening with the keys that it has when the source fails, and tells of the failure whoever needs more', async () => {
  const { currentId } = await writeKeyFile(path);
  await source.current();
  writeFileSync(path, 'broken');
  nowMs += 5000;
  expect((await failureOf(() => source.forKeyId(UNKNOWN_ID))).code).toBe('CONFIG_INVALID');
  expect((await source.forKeyId(currentId))?.currentId).toBe(currentId);
  rmSync(path);
  const after = await writeKeyFile(path);
  expect((await failureOf(() => source.forKeyId(UNKNOWN_ID))).code).toBe('CONFIG_INVALID');
  nowMs += 5000;
  expect((await source.forKeyId(UNKNOWN_ID))?.currentId).toBe(after.currentId);
});

test('tries again after a first reading that failed, some seconds later', async () => {
  expect((await failureOf(() => source.current())).code).toBe('CONFIG_INVALID');
  const { currentId } = await writeKeyFile(path);
  expect((await failureOf(() => source.current())).code).toBe('CONFIG_INVALID');
  nowMs += 5000;
  expect((await source.current())?.currentId).toBe(currentId);
});

test('finds a default key file that was made later', async () => {
  const late = new KeyRingSource({ environment: {}, defaultKeyFile: path, clock: () => nowMs });
  expect(await late.current()).toBeUndefined();
  expect(await late.forKeyId(UNKNOWN_ID)).toBeUndefined();
  const { currentId } = await writeKeyFile(path);
  nowMs += 5000;
  expect((await late.forKeyId(currentId))?.currentId).toBe(currentId);
});

test('reads once for all that ask at the same time', async () => {
  const { currentId } = await writeKeyFile(path);
  const counted = countedSource();
  const asked = Array.from({ length: 20 }, (_, index) =>
    index % 2 === 0 ? counted.source.current() : counted.source.forKeyId(UNKNOWN_ID),
  );
  counted.go();
  expect(new Set((await Promise.all(asked)).map((ring) => ring?.currentId))).toEqual(new Set([currentId]));
  expect(counted.runs()).toBe(1);
});

test('one who goes does not end the reading for the others', async () => {
  const { currentId } = await writeKeyFile(path);
  const counted = countedSource();
  const controller = new AbortController();
  const gone = failureOf(() => counted.source.current({ signal: controller.signal }));
  const staying = counted.source.current({ signal: new AbortController().signal });
  controller.abort('enough');
  expect(await gone).toMatchObject({ code: 'CANCELLED', cause: 'enough' });
  counted.go();
  expect((await staying)?.currentId).toBe(currentId);
  expect(counted.runs()).toBe(1);
});

test.each([
  ['at once', () => Promise.resolve()],
  ['when it has ended', () => setImmediate()],
])('a reading that everybody left is ended, and says nothing to whoever asks next, %s', async (_, pause) => {
  const { currentId } = await writeKeyFile(path);
  const counted = countedSource();
  const controller = new AbortController();
  const gone = failureOf(() => counted.source.current({ signal: controller.signal }));
  controller.abort('enough');
  expect((await gone).code).toBe('CANCELLED');
  await pause();
  counted.go();
  expect((await counted.source.current())?.currentId).toBe(currentId);
  expect((await failureOf(() => counted.source.newest({ signal: AbortSignal.abort() }))).code).toBe('CANCELLED');
});

test('shows no key when it is looked at', async () => {
  const key = generateMasterKey();
  const secretive = new KeyRingSource({ environment: { SANDPORT_MASTER_KEY: key }, keyRing: KeyRing.of([{ key }]) });
  await secretive.current();
  expect(everythingShown(secretive)).not.toContain(key);
});
