import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Interruption } from '../src/interruption.ts';
import { fakeDefinition } from './fake-definition.mjs';
import { createHome, createReadyHome, documentOf } from './run-in-process.ts';

describe('a program that ran', () => {
  test('completed: its output goes to the streams of the same name, the summary to stderr', async () => {
    const home = await createReadyHome();
    const outcome = await home.run(['run', home.file('p.py', 'out hello\\n\nerr careful\\n\nvalue {"n": 1}')]);
    expect(outcome).toEqual({
      exitCode: 0,
      stdout: 'hello\n',
      stderr: 'careful\n✔ completed in 35 ms · fake · remote\nvalue: {"n":1}\n',
    });
  });

  test('failed: the exit code is 1 and the summary names the error', async () => {
    const home = await createReadyHome();
    const { exitCode, stderr } = await home.run(['run', home.file('p.js', 'fail RangeError too far')]);
    expect([exitCode, stderr]).toEqual([1, '✘ failed after 35 ms: RangeError: too far · fake · remote\nexit code: 1\n']);
  });

  test('ran out of time: the exit code is 1', async () => {
    const home = await createReadyHome();
    const { exitCode, stderr } = await home.run(['run', '-'], { input: 'timeout' });
    expect([exitCode, stderr]).toEqual([1, '✘ ran out of time after 35 ms · fake · remote\n']);
  });

  test('--json gives one document with the whole result on stdout, and nothing on stderr', async () => {
    const home = await createReadyHome();
    const outcome = await home.run(['run', '-', '--json'], { input: 'out hi\nerr ho\nvalue [1]\nartifact a.txt x' });
    expect(documentOf(outcome)).toMatchObject({
      status: 'completed',
      stdout: 'hi',
      stderr: 'ho',
      value: [1],
      valueJson: '[1]',
      providerId: 'fake',
      artifacts: { complete: true, files: [{ path: 'a.txt', mediaType: 'text/plain', sizeBytes: 1, savedTo: null }] },
    });
    expect([outcome.exitCode, outcome.stderr]).toEqual([0, '']);
    expect((await home.run(['run', '-', '--json'], { input: 'fail E m' })).exitCode).toBe(1);
  });

  test('--json --stream shows the output on stderr as well', async () => {
    const home = await createReadyHome();
    const outcome = await home.run(['run', '-', '--json', '--stream'], { input: 'out hi\\n\nerr ho' });
    expect([outcome.stderr, documentOf(outcome)['stdout']]).toEqual(['hi\nho\n', 'hi\n']);
  });

  test('a reader that is slow holds the program up', async () => {
    const home = await createReadyHome();
    const events: string[] = [];
    const slow = new Writable({
      highWaterMark: 4,
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        events.push(`shown ${text}`);
        setImmediate(() => {
          events.push('read');
          done();
        });
      },
    });
    await home.run(['run', '-', '--json', '--stream'], { input: 'out first\nout second', stderr: slow });
    expect(events.slice(0, 4)).toEqual(['shown first', 'read', 'shown second', 'read']);
  });

  test('a summary begins on a line of its own', async () => {
    const home = await createReadyHome();
    expect((await home.run(['run', '-'], { input: 'err no line end' })).stderr).toMatch(/^no line end\n✔ completed/);
  });

  test('a terminal shows the control characters of a program, a pipe gets them as they are', async () => {
    const home = await createReadyHome();
    const input = String.raw`out \e]52;c;x${'\n'}fail \e[2J wiped`;
    const onTerminal = await home.run(['run', '-'], { input, isTTY: true });
    expect(onTerminal.stdout).toBe('␛]52;c;x');
    expect(onTerminal.stderr).not.toContain('\u001b');
    expect((await home.run(['run', '-'], { input })).stdout).toBe('\u001b]52;c;x');
  });
});

describe('artifacts', () => {
  test('are saved below a folder that was empty or absent', async () => {
    const home = await createReadyHome();
    const folder = join(home.homeFolder, 'out');
    const input = 'artifact a.txt one\nartifact deep/er/b.txt two';
    const outcome = await home.run(['run', '-', '--json', '--artifacts', folder], { input });
    expect([outcome.exitCode, outcome.stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('one');
    expect(readFileSync(join(folder, 'deep', 'er', 'b.txt'), 'utf8')).toBe('two');
    expect(documentOf(outcome)['artifacts']).toMatchObject({ files: [{ savedTo: join(folder, 'a.txt') }, { path: 'deep/er/b.txt' }] });
  });

  test('that were not asked for are named', async () => {
    const home = await createReadyHome();
    const { stderr } = await home.run(['run', '-'], { input: `artifact plot.txt ${'x'.repeat(2000)}` });
    expect(stderr).toContain('not saved: plot.txt (2.0 KiB)\ngive --artifacts FOLDER to save them\n');
  });

  test('never go into a folder that holds something', async () => {
    const home = await createReadyHome();
    const { exitCode, stderr } = await home.run(['run', '-', '--artifacts', home.homeFolder], { input: 'artifact a x' });
    expect([exitCode, existsSync(join(home.homeFolder, 'a'))]).toEqual([2, false]);
    expect(stderr).toContain('is not empty');
  });

  test('with a path that leaves the folder are not written, and the result is still told', async () => {
    const home = await createReadyHome();
    mkdirSync(join(home.homeFolder, 'out'));
    const words = ['run', '-', '--artifacts', join(home.homeFolder, 'out')];
    const { exitCode, stderr } = await home.run(words, { input: 'artifact ../evil x\nartifact good y' });
    expect(exitCode).toBe(3);
    expect(existsSync(join(home.homeFolder, 'evil'))).toBe(false);
    expect(readFileSync(join(home.homeFolder, 'out', 'good'), 'utf8')).toBe('y');
    expect(stderr).toContain('leaves the work folder');
    expect(stderr).toContain('✔ completed');
  });
});

describe('a command line that is wrong', () => {
  test.each([
    ['a file that does not exist', ['absent.py'], /"absent\.py" cannot be read \(ENOENT\)/],
    ['a file whose language is unknown', ['p.rb'], /language of "p\.rb"/],
    ['a language that nobody knows', ['-', '--language', 'ruby'], /"ruby" is not a language/],
    ['a time without a unit', ['-', '--timeout', '30'], /write 30s for seconds or 30ms for milliseconds/],
    ['a time that is none', ['-', '--timeout', 'soon'], /500ms, 5s, 2m or 1h/],
    ['a time of zero', ['-', '--timeout', '0s'], /limits\.timeoutMs/],
    ['a time above the maximum', ['-', '--timeout', '11m'], /limits\.timeoutMs: must be at most 600000/],
    ['arguments that are no JSON', ['-', '--args', '{a}'], /--args: is not valid JSON/],
    ['arguments that are no object', ['-', '--args', '[1]'], /--args: must be a JSON object/],
    ['arguments twice', ['-', '--args', '{}', '--args-file', 'x'], /only one of them/],
    ['memory without a unit', ['-', '--memory', '256'], /512KiB, 256m, 256MiB or 1g/],
    ['memory in a unit that is read in two ways', ['-', '--memory', '256MB'], /512KiB, 256m, 256MiB or 1g/],
    ['less memory than there can be', ['-', '--memory', '1m'], /limits\.memoryBytes/],
    ['processors that are no number', ['-', '--cpus', 'all'], /0\.5, 1 or 2/],
    ['no processor', ['-', '--cpus', '0'], /limits\.cpus/],
    ['program and input from the same place', ['-', '--stdin', '-'], /--stdin: standard input holds the program/],
    ['an input that does not exist', ['-', '--stdin', 'absent.txt'], /"absent\.txt" cannot be read \(ENOENT\)/],
    ['an input that is a folder', ['-', '--stdin', '/'], /"\/" is a folder/],
    ['a file without its local name', ['-', '--file', 'data.csv'], /is not PATH=LOCAL/],
    ['a path that leaves the work folder', ['-', '--file', '../x=/dev/null'], /leaves the work folder/],
    ['a provider that is not carried', ['-', '--provider', 'dokcer'], /Use one of: fake, other/],
    ['an unknown option', ['-', '--jsno'], /Did you mean --json/],
    ['no file', [], /missing required argument 'file'/],
  ])('%s ends with 2 before anything is created', async (_, words, message) => {
    const events: string[] = [];
    const home = await createReadyHome({
      providers: [fakeDefinition({ onEvent: (event) => events.push(event) }), fakeDefinition({ id: 'other' })],
    });
    const outcome = await home.run(['run', ...words], { input: 'value 1' });
    expect([outcome.exitCode, outcome.stdout]).toEqual([2, '']);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    expect(events).not.toContain('createSandbox');
  });

  test('a program that is too large or not text ends with 2', async () => {
    const home = await createReadyHome();
    const large = home.file('large.py', 'x'.repeat(1024 * 1024 + 1));
    for (const words of [
      ['run', large],
      ['run', '-'],
    ]) {
      const { exitCode, stderr } = await home.run(words, { input: 'x'.repeat(1024 * 1024 + 1) });
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('1048576')]);
    }
  });
});

describe('what could not be done', () => {
  test('ends with 3, and says what happened and what to do', async () => {
    const home = await createReadyHome();
    const outcome = await home.run(['run', '-'], { input: 'throw PROVIDER_UNAVAILABLE' });
    expect(outcome).toEqual({ exitCode: 3, stdout: '', stderr: 'error: The fake throws PROVIDER_UNAVAILABLE.\n  → Do not ask it to.\n' });
  });

  test('is one document with --json', async () => {
    const home = await createReadyHome();
    const outcome = await home.run(['run', '-', '--json'], { input: 'throw RUNTIME_MISSING' });
    expect([outcome.exitCode, outcome.stderr]).toEqual([3, '']);
    expect(documentOf(outcome)).toEqual({
      status: 'error',
      error: {
        code: 'RUNTIME_MISSING',
        message: 'The fake throws RUNTIME_MISSING.',
        retryable: false,
        suggestion: 'Do not ask it to.',
        providerId: 'fake',
      },
    });
  });

  test('shows its stack with --debug only', async () => {
    const home = await createReadyHome();
    const plain = await home.run(['run', '-'], { input: 'nonsense' });
    const debug = await home.run(['run', '-', '--debug'], { input: 'nonsense' });
    expect([plain.exitCode, debug.exitCode]).toEqual([3, 3]);
    expect(plain.stderr).not.toMatch(/^\s+at /m);
    expect(debug.stderr).toMatch(/^\s+at /m);
  });

  test('before anything is configured, the first provider is used and that is said', async () => {
    const home = createHome();
    const { exitCode, stderr } = await home.run(['run', '-'], { input: 'value 1' });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('No provider is chosen yet: using "fake"');
    expect(stderr).toContain('sandport config use');
    expect(existsSync(home.settingsPath)).toBe(false);
  });

  test('settings that were named and are not there are an error that names the first step', async () => {
    const home = createHome();
    const path = join(home.homeFolder, 'absent.sqlite');
    const { exitCode, stderr } = await home.run(['run', '-', '--settings', path], { input: 'value 1' });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(path);
    expect(stderr).toContain('sandport config use wasm');
  });

  test('the settings are those of --settings, then SANDPORT_SETTINGS, then XDG_CONFIG_HOME', async () => {
    const home = await createReadyHome();
    const path = join(home.homeFolder, 'mine.sqlite');
    await home.run(['config', 'use', 'other', '--settings', path]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const providerOf = async (words: string[], environment = {}) =>
      documentOf(await home.run(['config', 'get', '--json', ...words], { environment }))['providerType'];
    expect(await providerOf([])).toBe('fake');
    expect(await providerOf(['--settings', path])).toBe('other');
    expect(await providerOf([], { SANDPORT_SETTINGS: path, XDG_CONFIG_HOME: '/nowhere' })).toBe('other');
    expect(await providerOf([], { SANDPORT_SETTINGS: '', XDG_CONFIG_HOME: 'relative' })).toBe('fake');
    const elsewhere = await home.run(['config', 'get'], { environment: { XDG_CONFIG_HOME: join(home.homeFolder, 'xdg') } });
    expect(elsewhere.stderr).toContain(join(home.homeFolder, 'xdg', 'sandport', 'settings.sqlite'));
  });
});

describe('an interrupted run', () => {
  test('waits for the clean-up, tells what the program did, and ends with 130', async () => {
    const controller = new AbortController();
    const events: string[] = [];
    const onEvent = (event: string): void => {
      events.push(event);
      if (event === 'waiting') controller.abort(new Interruption('SIGINT'));
    };
    const home = await createReadyHome({ providers: [fakeDefinition({ onEvent, destroyMs: 20 })] });
    const { exitCode, stdout } = await home.run(['run', '-', '--json'], { input: 'wait', signal: controller.signal });
    expect([exitCode, JSON.parse(stdout)]).toEqual([130, expect.objectContaining({ status: 'cancelled' })]);
    expect(events).toEqual(['createSandbox', 'waiting', 'destroy', 'close']);
  });

  test('before the program started ends with the code of its signal', async () => {
    const home = await createReadyHome();
    const signal = AbortSignal.abort(new Interruption('SIGTERM'));
    expect((await home.run(['run', home.file('p.py', 'value 1')], { signal })).exitCode).toBe(143);
    expect((await home.run(['run', '-'], { signal })).exitCode).toBe(143);
  });
});
