import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteSettings } from '@sandport/settings';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildCli, FAKE_CLI, REAL_CLI, runSpawned, startCli } from './spawned-cli.ts';

let folder: string;
let settingsPath: string;

beforeAll(buildCli, 120_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandport-cli-'));
  settingsPath = join(folder, 'settings.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true }));

async function configure(provider: string, config: object = {}): Promise<void> {
  const settings = openSqliteSettings({ path: settingsPath });
  await settings.write([
    { name: 'sandbox.provider_type', source: 'test', dataType: 'string', value: provider },
    { name: `sandbox.${provider}`, source: 'test', dataType: 'json', value: JSON.stringify(config) },
  ]);
  await settings.close();
}

describe('exit codes of the process', () => {
  test.each([
    ['value 1', 0],
    ['fail E m', 1],
    ['throw PROVIDER_UNAVAILABLE', 3],
  ])('a program "%s" ends with %d', async (input, exitCode) => {
    await configure('fake');
    expect(await runSpawned(FAKE_CLI, ['run', '-'], settingsPath, input)).toMatchObject({ exitCode, signal: null });
  });

  test('a wrong command line ends with 2', async () => {
    expect(await runSpawned(FAKE_CLI, ['run', '-', '--timeout', '5'], settingsPath)).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('a large document reaches a pipe whole', async () => {
    await configure('fake');
    const text = 'x'.repeat(800_000);
    const { exitCode, stdout } = await runSpawned(FAKE_CLI, ['run', '-', '--json'], settingsPath, `out ${text}`);
    const document: unknown = JSON.parse(stdout);
    expect([exitCode, document]).toEqual([0, expect.objectContaining({ stdout: text })]);
  });
});

describe('signals to the process', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while a program runs: the sandbox is destroyed, then it ends with %d', async (name, exitCode) => {
    await configure('fake');
    const { child, output, ended } = startCli(FAKE_CLI, ['run', '-'], settingsPath);
    child.stdin.end('wait');
    await expect.poll(() => output.stderr, { timeout: 20_000 }).toContain('fake: waiting');
    child.kill(name);
    const { stderr, ...end } = await ended;
    expect(end).toMatchObject({ exitCode, signal: null });
    expect(stderr.split('\n').filter((line) => line.startsWith('fake:'))).toEqual([
      'fake: createSandbox',
      'fake: waiting',
      'fake: destroy',
      'fake: close',
    ]);
  });

  test('an input that has more to come keeps nobody waiting once the program is over', async () => {
    await configure('fake');
    const program = join(folder, 'p.py');
    writeFileSync(program, 'first');
    const { child, ended } = startCli(FAKE_CLI, ['run', program, '--stdin', '-', '--json'], settingsPath);
    child.stdin.write('piece');
    const { exitCode, stdout } = await ended;
    const document: unknown = JSON.parse(stdout);
    expect([exitCode, document]).toEqual([0, expect.objectContaining({ value: 'piece' })]);
    child.stdin.destroy();
  });

  test('SIGINT while standard input is awaited ends with 130', async () => {
    await configure('fake');
    const { child, ended } = startCli(FAKE_CLI, ['run', '-'], settingsPath);
    // More than a pipe holds: when it is taken, the command is reading.
    await new Promise((resolve) => child.stdin.write('#'.repeat(500_000), resolve));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ exitCode: 130, signal: null, stdout: '' });
  });

  test('a reader that goes away ends it quietly', async () => {
    await configure('fake');
    const { child, ended } = startCli(FAKE_CLI, ['run', '-'], settingsPath);
    child.stdout.destroy();
    child.stdin.end('out gone\nwait');
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(141);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).toContain('fake: close');
  });
});

describe('several processes', () => {
  test('that create the same settings at once are each stored or told of the others, and the file is whole', async () => {
    const ends = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        runSpawned(FAKE_CLI, ['config', 'set', 'fake', `level=${index + 1}`, '--no-test'], settingsPath),
      ),
    );
    const stored = ends.filter(({ exitCode }) => exitCode === 0);
    expect(stored.length).toBeGreaterThan(0);
    // A later operator is told, and overwrites nothing.
    for (const { exitCode, stderr } of ends)
      if (exitCode !== 0) expect([exitCode, stderr]).toEqual([3, expect.stringContaining('is in use by now')]);
    const settings = openSqliteSettings({ path: settingsPath });
    const rows = await settings.read(['sandbox.fake']);
    await settings.close();
    expect(rows.get('sandbox.fake')?.value).toMatch(/^\{"level":[1-6]\}$/);
  });
});

describe('the published command', () => {
  test('shows its help, stores a configuration for docker, and shows it', async () => {
    expect((await runSpawned(REAL_CLI, ['--help'], settingsPath)).stdout).toContain('First steps:');
    expect(await runSpawned(REAL_CLI, ['config', 'use', 'docker', '--no-test'], settingsPath)).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await runSpawned(REAL_CLI, ['config', 'get', '--json'], settingsPath);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ settings: settingsPath, providerType: 'docker' })]);
  });

  test('says what to do when there is no engine', async () => {
    await configure('docker', { dockerHost: `unix://${join(folder, 'absent.sock')}` });
    const run = await runSpawned(REAL_CLI, ['run', '-'], settingsPath, 'print(1)');
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(run.stderr).toMatch(/^error: .+\n {2}→ .+\n$/);
    expect(await runSpawned(REAL_CLI, ['doctor'], settingsPath)).toMatchObject({ exitCode: 1 });
  });
});
