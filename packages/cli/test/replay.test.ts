import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord, writeRecord, type ExecutionRecord } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { createReadyHome, documentOf } from './run-in-process.ts';

const PROGRAM = 'out one\\ntwo\\n\nstdin\nartifact a.txt abc\nvalue {"b": 1.0, "a": [2]}';

/** A home with the record of a program, and what changes that record. */
async function createRecordedHome(code = PROGRAM, words: readonly string[] = [], environment: Record<string, string> = {}) {
  const home = await createReadyHome({ environment: { NO_COLOR: '1', ...environment } });
  await home.run(['config', 'set', 'other', 'level=1']);
  const record = join(home.homeFolder, 'record.json');
  const run = await home.run(['run', home.file('p.py', code), '--record', record, ...words]);
  const change = (make: (record: ExecutionRecord) => ExecutionRecord): void =>
    writeFileSync(record, writeRecord(make(readRecord(readFileSync(record, 'utf8')))));
  return { ...home, record, run: home.run, ran: run, change };
}

const withResult =
  (result: Partial<ExecutionRecord['result']>) =>
  (record: ExecutionRecord): ExecutionRecord => ({ ...record, result: { ...record.result, ...result } });

describe('a record', () => {
  test('has the whole call, for its owner alone', async () => {
    const home = await createRecordedHome(PROGRAM, [
      '--args',
      '{"n": 1}',
      '--timeout',
      '5s',
      '--stdin',
      new URL('run-in-process.ts', import.meta.url).pathname,
    ]);
    expect(home.ran.exitCode).toBe(0);
    expect(statSync(home.record).mode & 0o777).toBe(0o600);
    const { request, result, provider, versions } = readRecord(readFileSync(home.record, 'utf8'));
    expect(request).toMatchObject({ language: 'python', code: PROGRAM, arguments: { n: 1 }, limits: { timeoutMs: 5000 } });
    expect(Buffer.from(request.stdinBase64, 'base64').toString()).toContain('createReadyHome');
    expect([result.status, result.stdout, provider.id]).toEqual(['completed', 'one\ntwo\n', 'fake']);
    expect(versions.sandport).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('has names of variables, and their values nowhere', async () => {
    const home = await createRecordedHome('value 1', ['--env', 'API_TOKEN', '--env', 'SEED=of-the-line'], {
      API_TOKEN: 'of-the-environment',
    });
    const text = readFileSync(home.record, 'utf8');
    expect(readRecord(text).request.environmentNames).toEqual(['API_TOKEN', 'SEED']);
    expect(text).not.toMatch(/of-the-(line|environment)/);
    const missing = await home.run(['replay', home.record, '--env', 'SEED=1']);
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('environment.API_TOKEN')]);
    const unset = await home.run(['replay', home.record, '--env', 'NOT_SET']);
    expect([unset.exitCode, unset.stderr]).toEqual([2, expect.stringContaining('"NOT_SET" is not set here')]);
    expect((await home.run(['replay', home.record, '--env', 'API_TOKEN', '--env', 'SEED=1'])).exitCode).toBe(0);
  });

  test('is never written over anything, and where it cannot be written the result is still told', async () => {
    const home = await createReadyHome();
    const taken = await home.run(['run', '-', '--record', home.settingsPath], { input: 'value 1' });
    expect([taken.exitCode, taken.stderr]).toEqual([2, expect.stringContaining('exists')]);
    const nowhere = await home.run(['run', '-', '--record', join(home.homeFolder, 'absent', 'r.json')], { input: 'value 1' });
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([3, expect.stringMatching(/could not be written[^]*completed/)]);
  });

  test('that would hold an artifact outside of its folder is not written', async () => {
    const home = await createReadyHome();
    const path = join(home.homeFolder, 'r.json');
    const { exitCode } = await home.run(['run', '-', '--record', path], { input: 'artifact ../evil x' });
    expect([exitCode, existsSync(path)]).toEqual([3, false]);
  });
});

describe('replay', () => {
  test('of the same program gives the same, wherever it runs; what else differs is a note', async () => {
    const home = await createRecordedHome();
    const { exitCode, stdout, stderr } = await home.run(['replay', home.record, '--provider', 'other']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      '✔ the same · recorded on fake (remote), replayed on other (remote)\n' +
        'Not counted, for the program is not the cause of it:\n' +
        '            recorded  replayed\n' +
        '  provider  fake      other\n',
    );
    const again = documentOf(await home.run(['replay', '-', '--json'], { input: readFileSync(home.record, 'utf8') }));
    expect(again).toMatchObject({ same: true, differences: [], notes: [], replayed: { provider: { id: 'fake' } } });
  });

  test('does not take another way of writing a value for another value, nor a text for a number', async () => {
    const home = await createRecordedHome();
    home.change(withResult({ valueJson: '{ "a": [2.0], "b": 1 }' }));
    expect((await home.run(['replay', home.record])).exitCode).toBe(0);
    home.change((record) => ({ ...withResult({ valueJson: '"1"' })(record), request: { ...record.request, code: 'value 1' } }));
    const { differences } = documentOf(await home.run(['replay', home.record, '--json']));
    expect(differences).toContainEqual({ field: 'value', recorded: '"1"', replayed: '1' });
  });

  test('tells each thing that differs, and ends with 1', async () => {
    const home = await createRecordedHome();
    home.change((record) =>
      withResult({
        stdout: 'one\n2\n',
        exitCode: 7,
        artifacts: {
          files: [
            { path: 'a.txt', mediaType: 'text/plain', sizeBytes: 3, sha256: '0'.repeat(64) },
            { path: 'b.txt', mediaType: 'text/plain', sizeBytes: 1, sha256: '1'.repeat(64) },
          ],
          omitted: [],
          complete: true,
        },
        clock: { ...record.result.clock, runMs: 70 },
      })(record),
    );
    const { exitCode, stdout } = await home.run(['replay', home.record]);
    expect([exitCode, stdout.replaceAll(/ {2,}/g, ' | ').split('\n')]).toEqual([
      1,
      [
        '✘ 4 differences · recorded on fake (remote), replayed on fake (remote)',
        ' | recorded | replayed',
        ' | stdout, line 2 | 2 | two',
        ' | exit code | 7 | 0',
        ` | artifacts/a.txt | sha256:${'0'.repeat(53)}… | sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410f…`,
        ` | artifacts/b.txt | sha256:${'1'.repeat(53)}… | (none)`,
        'Not counted, for the program is not the cause of it:',
        ' | recorded | replayed',
        ' | time of the program | 70 ms | 35 ms',
        '',
      ],
    ]);
    expect(documentOf(await home.run(['replay', home.record, '--json']))).toMatchObject({
      same: false,
      differences: [{ field: 'stdout', line: 2, recorded: '2', replayed: 'two' }, {}, {}, { field: 'artifacts/b.txt', replayed: null }],
    });
  });

  test('tells another status with its error', async () => {
    const home = await createRecordedHome('fail E too far');
    home.change(withResult({ status: 'completed', error: null, valueJson: '1', exitCode: 0 }));
    const { differences } = documentOf(await home.run(['replay', home.record, '--json']));
    expect(differences).toEqual([
      { field: 'status', recorded: 'completed', replayed: 'failed' },
      { field: 'error', recorded: null, replayed: 'E: too far' },
      { field: 'value', recorded: '1', replayed: null },
      { field: 'exit code', recorded: '0', replayed: '1' },
    ]);
  });

  test('of a program that ran out of time does not count how far it came', async () => {
    const home = await createRecordedHome('out tick\\n\ntimeout');
    home.change(withResult({ stdout: 'tick\ntick\n', exitCode: null, signal: 'SIGKILL' }));
    const { exitCode, stdout } = await home.run(['replay', home.record]);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/the same[^]*stdout, line 2[^]*signal/)]);
    home.change(withResult({ stdout: 'tock\n' }));
    expect((await home.run(['replay', home.record])).exitCode).toBe(1);
  });

  test('does not count that a traceback names other places', async () => {
    const traceback = (place: string) => `Traceback\n  File "${place}"\nE: m\n`;
    const home = await createRecordedHome('err before\\nafter\\n\nfail E m');
    home.change(withResult({ stderr: `before\nafter\n`, error: { type: 'E', message: 'm', traceback: traceback('/other') } }));
    const { exitCode, stdout } = await home.run(['replay', home.record]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('traceback, line 1')]);
    home.change(
      withResult({ stderr: `before\nafter\n${traceback('/other')}`, error: { type: 'E', message: 'm', traceback: traceback('/other') } }),
    );
    expect((await home.run(['replay', home.record])).stdout).toContain('the same');
    home.change(withResult({ stderr: `elsewhere\n${traceback('/other')}` }));
    expect((await home.run(['replay', home.record])).exitCode).toBe(1);
  });

  test('shows no control character of a record, and of many rows the first', async () => {
    const home = await createRecordedHome();
    const files = Array.from({ length: 60 }, (_, index) => ({
      path: `f${index}`,
      mediaType: 'text/plain',
      sizeBytes: 0,
      sha256: '0'.repeat(64),
    }));
    home.change(withResult({ stdout: '\u001b[2Jone\n', artifacts: { files, omitted: [], complete: true } }));
    const { stdout } = await home.run(['replay', home.record], { isTTY: true });
    expect(stdout).toContain('␛[2Jone');
    expect(stdout).not.toContain('\u001b[2J');
    expect(stdout).toContain('  and 12 more\n');
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', 'print(1)', /record: is not JSON/],
    ['JSON of something else', '{"status": "completed"}', /formatVersion/],
    ['a path that leaves the work folder', 'in/x', /request\.files\.0\.path: leaves the work folder/],
  ])('refuses a file that is no record before anything is created: %s', async (_what, text, message) => {
    const home = await createRecordedHome('value 1', ['--file', `in/x=${new URL('help.test.ts', import.meta.url).pathname}`]);
    writeFileSync(home.record, text === 'in/x' ? readFileSync(home.record, 'utf8').replace('"in/x"', '"../x"') : text);
    const { exitCode, stdout, stderr } = await home.run(['replay', home.record]);
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
  });

  test('refuses a device that never ends, a file that is absent and a provider that is not carried', async () => {
    const home = await createReadyHome();
    const endless = await home.run(['run', '/dev/zero', '--language', 'python']);
    expect([endless.exitCode, endless.stderr]).toEqual([2, expect.stringContaining('more than 1048576 bytes')]);
    expect((await home.run(['replay', 'absent.json'])).exitCode).toBe(2);
    expect((await home.run(['replay', 'absent.json', '--provider', 'none'])).stderr).toContain('Use one of');
  });
});
