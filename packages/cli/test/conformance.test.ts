import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFORMANCE_CASES, FIRST_CASES } from '@sandport/conformance';
import { providers } from '@sandport/providers';
import { describe, expect, test } from 'vitest';
import type { ConformanceDocument } from '../src/conformance/conformance-report.ts';
import { Interruption } from '../src/interruption.ts';
import { fakeDefinition } from './fake-definition.mjs';
import { createHome, documentOf, type Outcome } from './run-in-process.ts';

const LYING = fileURLToPath(new URL('lying-providers.mjs', import.meta.url));
const TOKEN = 'planted-token-7f3a';

const reportOf = (outcome: Outcome) => documentOf(outcome) as unknown as ConformanceDocument;
const casesOf = (outcome: Outcome) => reportOf(outcome).groups.flatMap(({ cases }) => cases);

describe('a provider that keeps the contract', () => {
  test('passes with 0, group by group, with progress on stderr', async () => {
    const home = createHome({ providers });
    const { exitCode, stdout, stderr } = await home.run(['conformance', '--provider', 'wasm', '--only', 'lifecycle/description,health']);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^✔ {2}lifecycle +1 passed +\d.*\n✔ {2}health +1 passed, 1 not applicable /),
    ]);
    expect(stdout).toContain('Not applicable:\n  1  no secret was planted in the configuration\n');
    expect(stdout).toContain('"wasm" keeps what was tried of the contract: ');
    expect(stderr).toContain('conformance of wasm: health (2)\n');
  });

  test('is told with --json by one document, and with --progress by progress beside it', async () => {
    const words = ['conformance', '--provider', 'wasm', '--level', 'first', '--only', 'lifecycle/description', '--json'];
    const outcome = await createHome({ providers }).run(words);
    expect([outcome.exitCode, outcome.stderr]).toEqual([0, '']);
    expect(reportOf(outcome)).toMatchObject({
      status: 'passed',
      provider: { id: 'wasm', module: null },
      level: 'first',
      configuration: 'defaults',
      passed: 1,
      failed: 0,
      groups: [{ group: 'lifecycle', cases: [{ id: 'lifecycle/description', outcome: 'passed', seen: null, advice: null }] }],
    });
    expect((await createHome({ providers }).run([...words, '--progress'])).stderr).toContain('conformance of wasm: lifecycle (1)\n');
  });
});

describe('a provider that lies', () => {
  test('ends with 1, and each broken promise is told with what was seen and what to do', async () => {
    const home = createHome();
    const html = join(home.homeFolder, 'report.html');
    const words = [
      'conformance',
      '--provider',
      LYING,
      '--export',
      'lyingProvider',
      '--only',
      'values/nothing-returned[python]',
      '--report',
      html,
    ];
    const { exitCode, stdout } = await home.run(words);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^✘ {2}values +1 failed /);
    expect(stdout).toMatch(
      /\n✘ values\/nothing-returned\[python\]\n {4}required +\S.+\.\n {4}seen +.*expected null, got '<script>.*\n {4}advice +Every provider has to keep it/,
    );
    expect(stdout).toContain('"lying" does not keep the contract: ');
    expect(stdout).not.toContain('\u001b');
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('<details id="values" open>');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('<title>Conformance of &lt;b&gt;Lying&lt;/b&gt;</title>');
    for (const text of ['<script', '<b>', '\u001b', 'http:', 'https:']) expect(page).not.toContain(text);
    expect(readdirSync(home.homeFolder)).toEqual(['report.html']);
  });

  test('that shows a secret is found out, and no report repeats it', async () => {
    const home = createHome();
    const config = home.file('config.json', JSON.stringify({ token: TOKEN }));
    const page = join(home.homeFolder, 'report.md');
    const words = ['conformance', '--provider', LYING, '--export', 'tellingProvider', '--config', config, '--report', page];
    const outcome = await home.run([...words, '--only', 'health/no-secrets,values/nothing-returned', '--json']);
    expect(outcome.exitCode).toBe(1);
    const [kept, thrown, shown] = casesOf(outcome);
    expect(kept).toMatchObject({ id: 'values/nothing-returned[python]', outcome: 'passed', seen: null, advice: null });
    expect(thrown).toMatchObject({ id: 'values/nothing-returned[javascript]', outcome: 'failed' });
    expect(thrown?.seen).toContain('refused: Bearer [redacted]');
    expect(shown).toMatchObject({ id: 'health/no-secrets', outcome: 'failed' });
    expect(shown?.advice).toContain('Look at what the health report shows');
    const markdown = readFileSync(page, 'utf8');
    expect(markdown).toContain('- ✘ `health/no-secrets`: Shows no secret');
    expect(outcome.stdout + outcome.stderr + markdown).not.toContain(TOKEN);
  });
});

describe('the configuration', () => {
  const words = ['conformance', '--provider', 'fake', '--only', 'lifecycle/description', '--json'];

  test('is that of the settings where some is stored, else of --config, as a whole', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=3', '--no-test']);
    expect(reportOf(await home.run(words))).toMatchObject({ configuration: 'settings', failed: 0 });
    const given = await home.run([...words, '--config', '-'], { input: '{"level": 4}' });
    expect(reportOf(given)).toMatchObject({ configuration: 'file', failed: 0 });
  });

  test.each([
    ['{"level": 12}', 'level'],
    [`{"lebel": 1, "token": "${TOKEN}"}`, 'lebel'],
    [`{"token": "${TOKEN}`, 'not valid JSON'],
    ['[]', 'not a JSON object'],
  ])('that is wrong is refused before anything is made, and not quoted: %s', async (input, finding) => {
    const events: string[] = [];
    const home = createHome({ providers: [fakeDefinition({ onEvent: (event: string) => void events.push(event) })] });
    const { exitCode, stdout } = await home.run([...words, '--config', '-'], { input });
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining(finding)]);
    expect(stdout).not.toContain(TOKEN);
    expect(events).toEqual([]);
  });
});

describe('what the command line names', () => {
  test.each([
    [['--provider', 'dockr'], 'neither a provider that this command carries nor a package'],
    [['--provider', './absent.mjs'], 'cannot be imported'],
    [['--provider', LYING], 'Choose with --export: '],
    [['--provider', LYING, '--export', 'absent'], 'exports no provider of that name'],
    [['--provider', 'zod'], 'exports no definition of a provider'],
    [['--provider', 'fake', '--only', 'valuse'], 'no case of the level "all" is in "valuse"'],
    [['--provider', 'fake', '--only', ''], '--only'],
    [['--provider', 'fake', '--level', 'first', '--only', 'isolation'], 'no case of the level "first"'],
    [['--provider', 'fake', '--report', 'report.pdf'], 'neither with .html nor with .md'],
    [['--provider', 'fake', '--report', '/nonexistent/report.md'], 'its folder is not there'],
    [[], '--provider: is missing'],
  ])('is refused with 2 where it is wrong: %j', async (words, finding) => {
    const { exitCode, stdout } = await createHome().run(['conformance', ...words, '--json']);
    expect([exitCode, stdout.replaceAll('\\"', '"')]).toEqual([2, expect.stringContaining(finding)]);
  });

  test('--list shows the cases, and needs no provider', async () => {
    const { cases } = documentOf(await createHome().run(['conformance', '--list', '--json']));
    expect(cases).toHaveLength(CONFORMANCE_CASES.length);
    const first = documentOf(await createHome().run(['conformance', '--list', '--level', 'first', '--json']));
    expect(first['cases']).toHaveLength(FIRST_CASES.length);
    const { stdout } = await createHome().run(['conformance', '--list', '--only', 'health']);
    expect(stdout).toMatch(/^health\/report +\S.*\nhealth\/no-secrets +\S.*\n$/);
  });
});

test('Ctrl-C ends the case that runs, and what it made, and leaves no report', async () => {
  const interruption = new AbortController();
  const events: string[] = [];
  const onEvent = (event: string) => {
    events.push(event);
    if (event === 'createSandbox') interruption.abort(new Interruption('SIGINT'));
  };
  const home = createHome({ providers: [fakeDefinition({ onEvent })], signal: interruption.signal });
  const report = join(home.homeFolder, 'report.html');
  const outcome = await home.run(['conformance', '--provider', 'fake', '--only', 'results', '--report', report]);
  expect([outcome.exitCode, outcome.stdout]).toEqual([130, '']);
  expect(outcome.stderr).toContain('error: Interrupted.');
  expect(events.filter((event) => event === 'createSandbox')).toHaveLength(events.filter((event) => event === 'destroy').length);
  expect(events.at(-1)).toBe('close');
  expect(existsSync(report)).toBe(false);
});
