import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCli, REAL_CLI, runSpawned, startCli } from './spawned-cli.ts';

let folder: string;
let settingsPath: string;

beforeAll(async () => {
  await buildCli();
  folder = mkdtempSync(join(tmpdir(), 'sandport-cli-'));
  settingsPath = join(folder, 'settings.sqlite');
  expect(await runSpawned(REAL_CLI, ['config', 'use', 'docker'], settingsPath)).toMatchObject({ exitCode: 0 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, code: string): string {
  const path = join(folder, name);
  writeFileSync(path, code);
  return path;
}

test('doctor finds everything in place and names the isolation it measured', async () => {
  const { exitCode, stdout } = await runSpawned(REAL_CLI, ['doctor'], settingsPath);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('isolation measured inside: gvisor')]);
});

test('run shows what a program prints, says what it returned, and saves what it left', async () => {
  const code = `
import pathlib

def main(name, rows):
    print('Hello', name, pathlib.Path('in.txt').read_text())
    pathlib.Path('artifacts/out.txt').write_text('x' * rows)
    return {'rows': rows}
`;
  const words = ['run', program('report.py', code), '--args', '{"name": "World", "rows": 3}', '--timeout', '20s'];
  const extras = ['--file', `in.txt=${program('in.txt', 'from outside')}`, '--artifacts', join(folder, 'out')];
  const { exitCode, stdout, stderr } = await runSpawned(REAL_CLI, [...words, ...extras], settingsPath);
  expect([exitCode, stdout]).toEqual([0, 'Hello World from outside\n']);
  expect(stderr).toMatch(/^✔ completed in .+ · docker · gvisor\nvalue: \{"rows":\s?3\}\nsaved: /);
  expect(readFileSync(join(folder, 'out', 'out.txt'), 'utf8')).toBe('xxx');
});

test('an error of the program ends with 1, in JavaScript too', async () => {
  const file = program('broken.mjs', 'export function main({ n }) { throw new RangeError(`not ${n}`); }');
  const { exitCode, stdout } = await runSpawned(REAL_CLI, ['run', file, '--args', '{"n": 4}', '--json'], settingsPath);
  const document: unknown = JSON.parse(stdout);
  expect(exitCode).toBe(1);
  expect(document).toMatchObject({ status: 'failed', error: { type: 'RangeError', message: 'not 4' }, isolation: { kind: 'gvisor' } });
});

test('Ctrl-C ends the program in its sandbox, and the command with 130', async () => {
  const file = program('endless.py', "import time\nprint('started', flush=True)\ntime.sleep(600)\n");
  const { child, output, ended } = startCli(REAL_CLI, ['run', file, '--timeout', '10m'], settingsPath);
  child.stdin.end();
  await expect.poll(() => output.stdout, { timeout: 30_000 }).toContain('started');
  child.kill('SIGINT');
  const { exitCode, stderr } = await ended;
  expect([exitCode, stderr]).toEqual([130, expect.stringContaining('was cancelled after')]);
});
