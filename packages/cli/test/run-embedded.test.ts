import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteSettings } from '@sandport/settings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCli, REAL_CLI, runSpawned, startCli } from './spawned-cli.ts';

// The published command, as a process, on the embedded provider.

let folder: string;
let settingsPath: string;

beforeAll(async () => {
  await buildCli();
  folder = mkdtempSync(join(tmpdir(), 'sandport-cli-'));
  settingsPath = join(folder, 'settings.sqlite');
  const settings = openSqliteSettings({ path: settingsPath });
  await settings.write([
    { name: 'sandbox.provider_type', source: 'test', dataType: 'string', value: 'wasm' },
    { name: 'sandbox.wasm', source: 'test', dataType: 'json', value: '{"warmChildren":1}' },
  ]);
  await settings.close();
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const ECHO = 'import sys\nprint("ready", flush=True)\nfor line in sys.stdin:\n    print("got", line.strip(), flush=True)\n';

test('what a program prints reaches a pipe while it runs, and its input is read while it runs', { timeout: 60_000 }, async () => {
  const { child, output, ended } = startCli(REAL_CLI, ['run', put('echo.py', ECHO), '--stdin', '-'], settingsPath);
  for (const [sent, seen] of [
    ['', 'ready\n'],
    ['one\n', 'got one\n'],
    ['two\n', 'got two\n'],
  ] as const) {
    child.stdin.write(sent);
    // Nothing more is sent before this is seen: it did not wait for the end.
    await expect.poll(() => output.stdout, { timeout: 20_000 }).toContain(seen);
  }
  child.stdin.end();
  expect(await ended).toMatchObject({
    exitCode: 0,
    stdout: 'ready\ngot one\ngot two\n',
    stderr: expect.stringMatching(/^✔ completed in .+ · wasm · wasm\n$/) as string,
  });
});

test('it reaches a terminal while it runs', { timeout: 60_000 }, async () => {
  // Python's own pseudo-terminal, in which the command is started.
  const terminal = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
  const words = [process.execPath, REAL_CLI, 'run', put('ask.py', ECHO), '--stdin', '-', '--settings', settingsPath];
  const child = spawn('python3', ['-c', terminal, ...words], { env: { PATH: process.env['PATH'], TERM: 'xterm' }, stdio: 'pipe' });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  const ended = once(child, 'close');
  await expect.poll(() => shown, { timeout: 20_000 }).toContain('ready');
  child.stdin.write('typed\n');
  await expect.poll(() => shown, { timeout: 20_000 }).toContain('got typed');
  // Ctrl-D
  child.stdin.write('\u0004');
  await expect.poll(() => shown, { timeout: 20_000 }).toContain('completed in');
  // Colours are for terminals.
  expect(shown).toContain('\u001b[32m✔');
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});

test('a folder goes in, artifacts come out, and the record gives the same again', { timeout: 60_000 }, async () => {
  mkdirSync(join(folder, 'data', 'deep'), { recursive: true });
  put('data/a.txt', 'from ');
  put('data/deep/b.txt', 'outside');
  const code =
    'import os, sys\n\ndef main(n):\n    text = open("in/a.txt").read() + open("in/deep/b.txt").read() + sys.stdin.read()\n' +
    '    os.makedirs("artifacts/sub", exist_ok=True)\n    open("artifacts/sub/c.txt", "w").write(text * n)\n    print(text)\n    return {"n": n, "kept": os.environ["KEPT"]}\n';
  const [out, record] = [join(folder, 'out'), join(folder, 'record.json')];
  const words = ['run', put('report.py', code), '--args', '{"n": 2}', '--file', `in=${join(folder, 'data')}`, '--stdin', '-'];
  const ran = await runSpawned(REAL_CLI, [...words, '--env', 'KEPT=a-value', '--artifacts', out, '--record', record], settingsPath, '!');
  expect([ran.exitCode, ran.stdout]).toEqual([0, 'from outside!\n']);
  expect(readFileSync(join(out, 'sub', 'c.txt'), 'utf8')).toBe('from outside!from outside!');
  const again = await runSpawned(REAL_CLI, ['replay', record, '--env', 'KEPT=a-value', '--json'], settingsPath);
  expect([again.exitCode, JSON.parse(again.stdout)]).toMatchObject([0, { same: true, differences: [] }]);
  const other = await runSpawned(REAL_CLI, ['replay', record, '--env', 'KEPT=another'], settingsPath);
  expect([other.exitCode, other.stdout]).toEqual([1, expect.stringMatching(/1 difference[^]*value.*"a-value".*"another"/)]);
});
