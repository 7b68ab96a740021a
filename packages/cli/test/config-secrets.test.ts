import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { CliContext } from '../src/index.ts';
import { fakeTrial } from './fake-trial.mjs';
import { createHome, documentOf, type Setup } from './run-in-process.ts';
import { everythingStored, storedRows, storeRows } from './stored-rows.ts';

const TOKEN = 'tok-do-not-show-4711';

async function createSealedHome(setup: Setup = {}) {
  const home = createHome(setup);
  await home.run(['secrets', 'create-key']);
  const { exitCode } = await home.run(['config', 'set', 'fake', 'level=2', '--secret-stdin', 'token'], { input: `${TOKEN}\n` });
  if (exitCode !== 0) throw new Error('the token was not stored');
  return home;
}

/** What the provider would be given. */
async function triedToken(home: ReturnType<typeof createHome>): Promise<unknown> {
  const tokens: unknown[] = [];
  const prepareProvider: CliContext['prepareProvider'] = (options) => {
    tokens.push(options.config['token']);
    return fakeTrial(options);
  };
  await home.run(['config', 'test', 'fake'], { prepareProvider });
  return tokens[0];
}

describe('a secret', () => {
  test('is read from standard input, sealed, and given to the provider alone', async () => {
    const home = await createSealedHome();
    expect(JSON.parse((await storedRows(home.settingsPath))['sandbox.fake'] ?? '')).toMatchObject({
      level: 2,
      $encrypted: { fields: ['token'] },
    });
    expect(await triedToken(home)).toBe(TOKEN);
    expect((await home.run(['config', 'get'])).stdout).toContain('token  set (sealed)');
    await home.run(['config', 'use', 'fake']);
    expect(await everythingStored(home.settingsPath)).not.toContain(TOKEN);
  });

  test('is read from a file, without the line end behind it', async () => {
    const home = await createSealedHome();
    const pem = '-----BEGIN KEY-----\nabc\n-----END KEY-----';
    await home.run(['config', 'set', 'fake', '--secret-file', `token=${home.file('key.pem', `${pem}\n`)}`]);
    expect(await triedToken(home)).toBe(pem);
  });

  test('is asked for at a terminal, and not shown', async () => {
    const home = await createSealedHome();
    const modes: boolean[] = [];
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
    stdin.write(`typed-${TOKEN}\r`);
    const outcome = await home.run(['config', 'set', 'fake', '--secret', 'token'], { stdin });
    expect([outcome.exitCode, outcome.stdout, modes]).toEqual([0, 'Stored token of "fake".\n', [true, false]]);
    expect(outcome.stderr).toContain('token (not shown): \n');
    expect(outcome.stderr).not.toContain(TOKEN);
    expect(await triedToken(home)).toBe(`typed-${TOKEN}`);
  });

  test('that somebody gives up to type ends the command with 130', async () => {
    const home = await createSealedHome();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    stdin.write('half\u0003');
    expect((await home.run(['config', 'set', 'fake', '--secret', 'token'], { stdin })).exitCode).toBe(130);
    expect(await triedToken(home)).toBe(TOKEN);
  });

  test('stays when others change, and is taken away by KEY= or --reset', async () => {
    const home = await createSealedHome();
    await home.run(['config', 'set', 'fake', 'level=3']);
    expect(await triedToken(home)).toBe(TOKEN);
    await home.run(['config', 'set', 'fake', 'token=']);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"level":3}');
    await home.run(['config', 'rollback', '2', '--no-test']);
    await home.run(['config', 'set', 'fake', '--reset', 'label=x']);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"label":"x"}');
  });

  test('is never taken from the command line, nor repeated', async () => {
    const home = await createSealedHome();
    const outcome = await home.run(['config', 'set', 'fake', `token=${TOKEN}`, '--debug']);
    expect([outcome.exitCode, outcome.stdout]).toEqual([2, '']);
    expect(outcome.stderr).toContain('--secret-file token=PATH');
    expect(outcome.stderr).not.toContain(TOKEN);
    for (const words of [['--secret-file', TOKEN], ['--secret', TOKEN], [TOKEN]]) {
      const other = await home.run(['config', 'set', 'fake', ...words]);
      expect(other.exitCode).toBe(2);
      expect(other.stderr.includes(TOKEN) && words[0] !== '--secret').toBe(false);
    }
  });

  test.each([
    ['without a terminal to ask at', ['--secret', 'token'], '--secret-stdin token'],
    ['of a field that is none', ['--secret-stdin', 'label'], 'Its secret fields are: token.'],
    ['twice', ['--secret-stdin', 'token', '--secret-file', 'token=x'], 'token: its secret is given twice'],
    ['and taken away at once', ['--secret-stdin', 'token', 'token='], 'token: is given twice'],
    ['from a file that is not there', ['--secret-file', 'token=absent'], '"absent" cannot be read (ENOENT)'],
    ['that is empty', ['--secret-stdin', 'token'], 'token: its secret is empty'],
  ])('given %s is refused, and nothing is stored', async (_, words, message) => {
    const home = await createSealedHome();
    const { exitCode, stderr } = await home.run(['config', 'set', 'fake', ...words], { input: '\n' });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(documentOf(await home.run(['config', 'get', '--json']))['version']).toBe(1);
  });

  test('that is too long is refused', async () => {
    const home = await createSealedHome();
    const outcome = await home.run(['config', 'set', 'fake', '--secret-stdin', 'token'], { input: 'x'.repeat(65_537) });
    expect([outcome.exitCode, outcome.stderr]).toEqual([2, expect.stringContaining('65536')]);
  });

  test('cannot be stored without a master key, and the message says how to make one', async () => {
    const home = createHome();
    const { exitCode, stderr } = await home.run(['config', 'set', 'fake', '--secret-stdin', 'token'], { input: TOKEN });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('no master key')]);
    expect(stderr).not.toContain(TOKEN);
  });

  test('that the schema refuses is not shown', async () => {
    const home = await createSealedHome();
    const { exitCode, stderr } = await home.run(['config', 'set', 'fake', 'level=77', '--secret-stdin', 'token', '--debug'], {
      input: `new-${TOKEN}`,
    });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('level')]);
    expect(stderr).not.toContain(TOKEN);
  });
});

describe('secrets in the clear', () => {
  test('are told, sealed as a version that says the same, and gone from every table', async () => {
    const home = createHome();
    await storeRows(home.settingsPath, { 'sandbox.provider_type': 'fake', 'sandbox.fake': `{"token":"${TOKEN}","level":2}` });
    const refused = await home.run(['secrets', 'seal']);
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('sandport secrets create-key')]);
    await home.run(['secrets', 'create-key']);
    expect(await home.run(['secrets', 'seal'])).toEqual({
      exitCode: 0,
      stdout: 'Sealed token of sandbox.fake.\n',
      stderr: 'Version 2 is in use.\n',
    });
    expect(await triedToken(home)).toBe(TOKEN);
    expect(await everythingStored(home.settingsPath)).not.toContain(TOKEN);
    expect(await home.run(['secrets', 'seal'])).toMatchObject({ exitCode: 0, stdout: 'No secret stands in the clear.\n' });
    expect(documentOf(await home.run(['secrets', 'seal', '--json']))).toEqual({ version: null, sealed: [] });
  });
});
