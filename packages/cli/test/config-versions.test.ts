import { describe, expect, test } from 'vitest';
import { fakeTrial } from './fake-trial.mjs';
import { createHome, createReadyHome, documentOf } from './run-in-process.ts';
import { storedRows, storeRows } from './stored-rows.ts';

describe('the history', () => {
  test('says who made each version, and why', async () => {
    const home = createHome({ environment: { NO_COLOR: '1', SANDPORT_AUTHOR: 'bob' } });
    await home.run(['config', 'use', 'fake']);
    await home.run(['config', 'set', 'fake', 'level=2', '--author', 'alice', '--reason', 'more of it']);
    await home.run(['config', 'set', 'fake', 'level=3'], { environment: { NO_COLOR: '1', SANDPORT_AUTHOR: '' } });
    const { stdout } = await home.run(['config', 'history']);
    expect(stdout.split('\n').map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/, 'TIME').trimEnd())).toEqual([
      'version  state       made                  author          reason',
      '3        active      TIME  tester@machine  set level of fake',
      '2        superseded  TIME  alice           more of it',
      '1        superseded  TIME  bob             use fake',
      '',
    ]);
    expect(documentOf(await home.run(['config', 'history', '--limit', '1', '--before', '3', '--json']))).toMatchObject({
      versions: [{ number: 2, author: 'alice' }],
    });
    expect((await home.run(['config', 'history', '--limit', '0'])).exitCode).toBe(2);
  });

  test('of an installation without one is empty', async () => {
    const home = createHome();
    await storeRows(home.settingsPath, {});
    expect((await home.run(['config', 'history'])).stdout).toBe('There is no version yet.\n');
    expect((await home.run(['config', 'audit'])).stdout).toBe('Nothing was done yet.\n');
    const { exitCode, stderr } = await home.run(['config', 'show']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('sandport config use')]);
  });

  test('shows a version, and what became different', async () => {
    const home = await createReadyHome();
    await home.run(['config', 'set', 'fake', 'level=2', 'label=a']);
    await home.run(['config', 'set', 'fake', 'level=3', 'label=']);
    const shown = await home.run(['config', 'show', '2']);
    expect(shown.stdout).toContain('version    2 (superseded)\nmade from  1\n');
    expect(shown.stdout).toContain('  level  2\n');
    const { stdout } = await home.run(['config', 'diff', '2']);
    expect(stdout.split('\n').toSorted()).toEqual(['', 'sandbox.fake  label  removed: "a"', 'sandbox.fake  level  changed: 2 → 3']);
    expect((await home.run(['config', 'diff', '3', '3'])).stdout).toBe('Version 3 and version 3 say the same.\n');
    const { from, to, differences } = documentOf(await home.run(['config', 'diff', '1', '2', '--json']));
    expect([from, to]).toEqual([1, 2]);
    expect(differences).toContainEqual({ row: 'sandbox.fake', field: 'level', kind: 'added', after: 2, secret: false });
    expect((await home.run(['config', 'diff', '1', '9'])).exitCode).toBe(3);
    expect((await home.run(['config', 'diff', 'x'])).exitCode).toBe(2);
  });

  test('shows what is wrong with a version', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=2']);
    const { stdout } = await home.run(['config', 'show', '1']);
    expect(stdout).toContain('! No provider is chosen.');
    expect(documentOf(await home.run(['config', 'show', '1', '--json']))['findings']).toMatchObject([{ kind: 'warning' }]);
  });

  test('tells of everything that was done, without values', async () => {
    const home = await createReadyHome();
    await home.run(['config', 'set', 'fake', 'label=planted-value', '--draft']);
    await home.run(['config', 'discard', '2', '--reason', 'not needed']);
    const { stdout } = await home.run(['config', 'audit']);
    expect(stdout).toMatch(/discard +2 +not needed\n/);
    expect(stdout).toMatch(/draft +2 +set label of fake\n/);
    expect(stdout).not.toContain('planted-value');
  });
});

describe('drafts', () => {
  test('are given up, and not used afterwards', async () => {
    const home = await createReadyHome();
    await home.run(['config', 'set', 'fake', 'level=2', '--draft']);
    expect(await home.run(['config', 'discard', '2'])).toEqual({ exitCode: 0, stdout: 'Draft 2 is given up.\n', stderr: '' });
    expect((await home.run(['config', 'activate', '2'])).exitCode).toBe(2);
    expect(documentOf(await home.run(['config', 'discard', '1', '--json']))).toMatchObject({ error: { code: 'REQUEST_INVALID' } });
  });

  test('that would undo what came between are refused, with who did that and when', async () => {
    const home = await createReadyHome();
    await home.run(['config', 'set', 'fake', 'level=2', '--draft']);
    await home.run(['config', 'set', 'fake', 'level=5', '--author', 'alice']);
    const { exitCode, stderr } = await home.run(['config', 'activate', '2']);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/version 3 of "alice" is in use by now.* at \d{4}-.*Z and changed sandbox\.fake level\./);
    expect(stderr).toContain('sandport config diff 1 3');
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"level":5}');
  });
});

describe('two operators at once', () => {
  test('the second is told, nothing is overwritten, and no draft is left that could never be used', async () => {
    const home = await createReadyHome();
    const second = await home.run(['config', 'set', 'fake', 'level=7', '--author', 'bob', '--json'], {
      prepareProvider: async (options) => {
        // While bob's change is tried, alice changes something else.
        await home.run(['config', 'set', 'fake', 'label=hers', '--author', 'alice']);
        return fakeTrial(options);
      },
    });
    expect(second.exitCode).toBe(3);
    expect(documentOf(second)).toMatchObject({
      status: 'error',
      error: { code: 'CONFIG_CONFLICT', details: { expected: 1, active: 3, author: 'alice', changes: ['sandbox.fake label'] } },
    });
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"label":"hers"}');
    expect(documentOf(await home.run(['config', 'history', '--json']))['versions']).toMatchObject([
      { number: 3, state: 'active' },
      { number: 2, state: 'discarded' },
      { number: 1, state: 'superseded' },
    ]);
  });
});

describe('rows that another program has written', () => {
  test('are a version of their own before the next change, and nobody is in conflict with them', async () => {
    const home = await createReadyHome();
    await storeRows(home.settingsPath, { 'sandbox.fake': '{"level":5}' });
    expect(documentOf(await home.run(['config', 'get', '--json']))['changedElsewhere']).toEqual(['sandbox.fake']);
    expect((await home.run(['config', 'set', 'fake', 'label=x'])).exitCode).toBe(0);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"level":5,"label":"x"}');
    expect(documentOf(await home.run(['config', 'history', '--json']))['versions']).toMatchObject([
      { number: 3, author: 'tester@machine' },
      { number: 2, author: 'unknown' },
      { number: 1 },
    ]);
  });
});
