// @ts-check
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BrowserUnavailableError } from './errors.mjs';
import { findBrowser } from './find-browser.mjs';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'browser-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/**
 * @param {string} name
 * @param {string} script what `/bin/sh` does
 */
async function program(name, script) {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const environment = {};

describe('without a name in the environment', () => {
  test('the first that starts and is a Chromium is taken', async () => {
    const stub = await program('chromium-browser', 'echo "Please install the snap" >&2; exit 1');
    const other = await program('google-chrome', 'echo "Netscape Navigator 4.0"');
    const real = await program('chromium', 'echo "Chromium 150.0.1.2 built on Debian"');
    const later = await program('later', 'echo "Chromium 1.0"');
    const candidates = [path.join(folder, 'absent'), folder, stub, other, real, later];
    expect(await findBrowser({ environment, candidates })).toEqual({ executable: real, version: 'Chromium 150.0.1.2' });
  });

  test('there is none when nothing starts', async () => {
    const locked = await program('chromium', 'echo "Chromium 1.2"');
    await chmod(locked, 0o644);
    expect(await findBrowser({ environment, candidates: [locked, path.join(folder, 'absent')] })).toBeNull();
  });
});

describe('with a name in the environment', () => {
  test('no other is looked at', async () => {
    const named = await program('own', 'echo "Google Chrome 149.0.7.1 "');
    const other = await program('chromium', 'echo "Chromium 150.0"');
    const found = await findBrowser({ environment: { SANDPORT_CHROMIUM: named }, candidates: [other] });
    expect(found).toEqual({ executable: named, version: 'Google Chrome 149.0.7.1' });
  });

  test.each(['absent', 'relative', 'silent'])('one that cannot be used is told of, and no other taken: %s', async (kind) => {
    const silent = await program('silent', 'exit 0');
    const named = { absent: path.join(folder, 'absent'), relative: 'chromium', silent }[kind];
    const other = await program('chromium', 'echo "Chromium 150.0"');
    const finding = findBrowser({ environment: { SANDPORT_CHROMIUM: named }, candidates: [other] });
    await expect(finding).rejects.toThrow(BrowserUnavailableError);
    await expect(finding).rejects.toThrow(`SANDPORT_CHROMIUM names no Chromium that can be started: ${named}`);
  });

  test('an interruption is passed on', async () => {
    const slow = await program('slow', 'exec sleep 60');
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(findBrowser({ environment: { SANDPORT_CHROMIUM: slow }, signal })).rejects.toThrow('interrupted');
  });
});
