import { PREPARATION_CASES } from '@sandport/preparation';
import { describe, expect, test } from 'vitest';
import type { CliContext } from '../src/index.ts';
import { fakeTrial } from './fake-trial.mjs';
import { createHome, createReadyHome, documentOf } from './run-in-process.ts';
import { storedRows } from './stored-rows.ts';

/** Trials that are counted: what was tried with which configuration. */
function countedTrials() {
  const tried: string[] = [];
  const prepareProvider: CliContext['prepareProvider'] = (options) => {
    tried.push(`${options.definition.id} ${JSON.stringify(options.config)}`);
    return fakeTrial(options);
  };
  return { tried, prepareProvider };
}

/** A trial that nobody relies on any more. */
const longAgo: CliContext['prepareProvider'] = async (options) => ({ ...(await fakeTrial(options)), madeAtMs: 0 });

describe('before a version is used', () => {
  test('its provider is tried with that very configuration, and the passport is stored', async () => {
    const { tried, prepareProvider } = countedTrials();
    const home = createHome({ prepareProvider });
    await home.run(['config', 'set', 'fake', 'level=3']);
    expect(tried).toEqual([]);
    const { exitCode, stderr } = await home.run(['config', 'use', 'fake']);
    expect([exitCode, tried]).toEqual([0, ['fake {"level":3}']]);
    expect(stderr).toContain('trial of fake: breaking each limit (2)\n');
    expect(stderr).toContain('✔ "fake" passed its trial in 1.5 s · remote, python, javascript\n');
    const rows = await storedRows(home.settingsPath);
    expect(JSON.parse(rows['sandbox.passport.fake'] ?? '')).toMatchObject({ providerId: 'fake', passed: true });
  });

  test('what is to be mended is told with its remedy, in lines that no terminal obeys', async () => {
    const prepareProvider: CliContext['prepareProvider'] = (options) => {
      const of = { kind: 'check', durationMs: 1 } as const;
      options.onFinding?.({ ...of, id: 'a', title: 'Health: engine', outcome: 'passed', message: 'It answers.' });
      options.onFinding?.({ ...of, id: 'b', title: 'Health: image', outcome: 'warning', message: 'Old.\u001b[2J', remedy: 'Build it.' });
      options.onFinding?.({ ...of, id: 'c', title: 'Health: runtime', outcome: 'failed', message: 'Away.', remedy: 'Install it.' });
      return fakeTrial(options);
    };
    const home = createHome({ prepareProvider });
    await home.run(['config', 'set', 'fake', 'level=3']);
    const { stderr } = await home.run(['config', 'test', 'fake']);
    expect(stderr).toContain('  ✘ Health: runtime: Away.\n    Install it.\n');
    expect(stderr).toContain('  ! Health: image: Old.');
    expect(stderr).not.toContain('\u001b');
    expect(stderr).not.toContain('It answers.');
    expect((await home.run(['config', 'test', 'fake', '--quiet'])).stderr).not.toContain('Away.');
  });

  test('only what would be used is tried', async () => {
    const { tried, prepareProvider } = countedTrials();
    const home = await createReadyHome({ prepareProvider });
    await home.run(['config', 'set', 'other', 'level=2']);
    await home.run(['config', 'fallback', 'other']);
    await home.run(['config', 'set', 'fake', 'label=x']);
    await home.run(['config', 'set', 'other', 'level=3']);
    await home.run(['config', 'fallback', '--none']);
    await home.run(['config', 'set', 'other', 'level=4']);
    expect(tried).toEqual(['fake {}', 'other {"level":2}', 'fake {"label":"x"}', 'other {"level":3}']);
  });

  test('a failed trial refuses it, names what failed and what to do, and keeps it as a draft', async () => {
    const home = await createReadyHome();
    const { exitCode, stderr } = await home.run(['config', 'set', 'fake', 'level=9']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('✘ "fake" failed its trial after 1.5 s\n');
    expect(stderr).toContain('limits/memory[python]: it took all it wanted');
    expect(stderr).toContain('sandport config activate 2');
    expect(stderr).toContain('sandport config discard 2');
    expect(stderr).toContain('--override');
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{}');
    expect(documentOf(await home.run(['config', 'history', '--json']))['versions']).toMatchObject([
      { number: 2, state: 'draft' },
      { number: 1, state: 'active' },
    ]);
  });

  test('an override uses it all the same, and is recorded', async () => {
    const home = await createReadyHome();
    const words = ['config', 'set', 'fake', 'level=9', '--override', 'it is a test', '--author', 'alice'];
    expect((await home.run(words)).exitCode).toBe(0);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{"level":9}');
    const { entries } = documentOf(await home.run(['config', 'audit', '--json']));
    expect(entries).toMatchObject([
      { actor: 'alice', action: 'activate', summary: { reason: 'set level of fake (although the trial of "fake" failed: it is a test)' } },
      { actor: 'alice', action: 'draft' },
      {},
      {},
    ]);
  });

  test('a draft whose cause was mended is used, and a rollback is tried too', async () => {
    const { tried, prepareProvider } = countedTrials();
    const home = await createReadyHome({ prepareProvider: longAgo });
    await home.run(['config', 'set', 'fake', 'level=9']);
    const mended = await home.run(['config', 'activate', '2', '--json'], {
      prepareProvider: async (options) => ({ ...(await longAgo(options)), passed: true }),
    });
    expect(documentOf(mended)).toMatchObject({ version: 2, state: 'active', override: null, passports: [{ passed: true }] });
    const back = await home.run(['config', 'rollback', '1'], { prepareProvider });
    expect([back.exitCode, back.stdout, tried]).toEqual([0, 'The rows of version 1 are in use again.\n', ['fake {}']]);
    const again = await home.run(['config', 'rollback', '2']);
    expect([again.exitCode, again.stderr]).toEqual([3, expect.stringContaining('sandport config rollback 2')]);
    expect((await storedRows(home.settingsPath))['sandbox.fake']).toBe('{}');
  });

  test('what passed its whole trial a moment ago is not tried again', async () => {
    const { tried, prepareProvider: tryWithFewCases } = countedTrials();
    const cases = PREPARATION_CASES.map((id) => ({ id, outcome: 'passed' as const, durationMs: 1 }));
    const prepareProvider: CliContext['prepareProvider'] = async (options) => ({ ...(await tryWithFewCases(options)), cases });
    const home = await createReadyHome({ prepareProvider });
    await home.run(['config', 'set', 'fake', 'level=2', '--draft']);
    await home.run(['config', 'test', '--version', '2']);
    expect((await home.run(['config', 'activate', '2'])).exitCode).toBe(0);
    expect(tried.splice(0)).toEqual(['fake {}', 'fake {"level":2}']);
    await home.run(['config', 'set', 'fake', 'level=3', '--draft']);
    const former: CliContext['prepareProvider'] = async (options) => ({ ...(await longAgo(options)), cases });
    await home.run(['config', 'test', '--version', '3'], { prepareProvider: former });
    expect((await home.run(['config', 'activate', '3'])).exitCode).toBe(0);
    expect(tried.splice(0)).toEqual(['fake {"level":3}']);
    await home.run(['config', 'set', 'fake', 'level=4', '--draft']);
    await home.run(['config', 'test', '--version', '4', '--cases', 'lifecycle/'], { prepareProvider: tryWithFewCases });
    expect((await home.run(['config', 'activate', '4'])).exitCode).toBe(0);
    expect(tried).toEqual(['fake {"level":4}', 'fake {"level":4}']);
  });

  test('--no-test leaves the trial out, and the history says so', async () => {
    const { tried, prepareProvider } = countedTrials();
    const home = createHome({ prepareProvider });
    await home.run(['config', 'use', 'fake', '--no-test', '--reason', 'in a hurry']);
    expect(tried).toEqual([]);
    expect(documentOf(await home.run(['config', 'show', '--json']))['record']).toMatchObject({ reason: 'in a hurry (without a trial)' });
    await home.run(['config', 'set', 'fake', 'level=2', '--draft']);
    await home.run(['config', 'activate', '2', '--no-test']);
    const { entries } = documentOf(await home.run(['config', 'audit', '--limit', '1', '--json']));
    expect(tried).toEqual([]);
    expect(entries).toMatchObject([{ summary: { reason: 'set level of fake (without a trial)' } }]);
  });

  test('a draft is stored without a trial and without effect', async () => {
    const { tried, prepareProvider } = countedTrials();
    const home = await createReadyHome();
    const outcome = await home.run(['config', 'use', 'other', '--draft', '--json'], { prepareProvider });
    expect([outcome.stderr, documentOf(outcome)]).toEqual(['', { version: 2, state: 'draft', override: null, passports: [] }]);
    const { stdout, stderr } = await home.run(['config', 'set', 'fake', 'level=2', '--draft'], { prepareProvider });
    expect([stdout, tried]).toEqual(['Stored as draft 3.\n', []]);
    expect(stderr).toContain('sandport config test --version 3');
    expect(await storedRows(home.settingsPath)).toMatchObject({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{}' });
    expect((await home.run(['config', 'set', 'fake', 'level=2', '--draft', '--override', 'x'])).exitCode).toBe(2);
  });

  test('with --json there is one document and nothing else', async () => {
    const home = createHome();
    const outcome = await home.run(['config', 'use', 'fake', '--json']);
    expect(outcome.stderr).toBe('');
    expect(documentOf(outcome)).toMatchObject({
      version: 1,
      state: 'active',
      override: null,
      passports: [{ providerId: 'fake', passed: true }],
    });
    const refused = await home.run(['config', 'set', 'fake', 'level=9', '--json']);
    expect([refused.exitCode, refused.stderr]).toEqual([3, '']);
    expect(documentOf(refused)).toMatchObject({
      error: { code: 'POLICY_VIOLATED', details: { version: 2, failed: [{ providerId: 'fake' }] } },
    });
  });
});

describe('config test', () => {
  test('says what was proven, stores it, and changes nothing', async () => {
    const home = await createReadyHome();
    const { exitCode, stdout } = await home.run(['config', 'test']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'fake  ✔ passed in 1.5 s',
        '  isolation  remote (measured by fake)',
        '  languages  python, javascript',
        '  network    none',
        '  limits     time 500 ms held, memory 64.0 MiB held',
        '  latency    p50 1 ms, p95 2 ms, max 3 ms (10 calls)',
        '  cases      1 passed, 1 not applicable',
        '',
      ].join('\n'),
    );
    expect(documentOf(await home.run(['config', 'get', '--json']))['version']).toBe(1);
  });

  test('ends with 1 when a trial fails, of a draft too', async () => {
    const home = await createReadyHome();
    await home.run(['config', 'set', 'fake', 'level=9', '--draft']);
    expect((await home.run(['config', 'test'])).exitCode).toBe(0);
    const draft = await home.run(['config', 'test', '--version', '2']);
    expect([draft.exitCode, draft.stdout]).toEqual([1, expect.stringContaining('✘ limits/memory[python]: it took all it wanted\n')]);
    const json = await home.run(['config', 'test', 'fake', '--version', '2', '--json']);
    expect([json.exitCode, json.stderr]).toEqual([1, '']);
    expect(documentOf(json)).toMatchObject({ version: 2, passports: [{ providerId: 'fake', passed: false }] });
  });

  test('passes the wanted cases on', async () => {
    const asked: unknown[] = [];
    const home = await createReadyHome({
      prepareProvider: (options) => {
        asked.push(options.cases);
        return fakeTrial(options);
      },
    });
    await home.run(['config', 'test', '--cases', 'all']);
    await home.run(['config', 'test', '--cases', 'limits/, isolation/']);
    expect(asked).toEqual([undefined, 'all', ['limits/', 'isolation/']]);
  });

  test('tries every provider in use, or the one that is named', async () => {
    const { tried, prepareProvider } = countedTrials();
    const home = await createReadyHome();
    await home.run(['config', 'set', 'other', 'level=2']);
    await home.run(['config', 'fallback', 'other']);
    await home.run(['config', 'test'], { prepareProvider });
    await home.run(['config', 'test', 'other'], { prepareProvider });
    expect(tried).toEqual(['fake {}', 'other {"level":2}', 'other {"level":2}']);
  });

  test('says what to do when there is nothing to try', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=2']);
    const none = await home.run(['config', 'test']);
    expect([none.exitCode, none.stderr]).toEqual([3, expect.stringContaining('sandport config use PROVIDER')]);
    const other = await home.run(['config', 'test', 'other']);
    expect([other.exitCode, other.stderr]).toEqual([3, expect.stringContaining('sandport config set other')]);
    expect((await home.run(['config', 'test', '--version', '0'])).exitCode).toBe(2);
    expect((await home.run(['config', 'test', 'fake', '--version', '7'])).exitCode).toBe(3);
  });
});
