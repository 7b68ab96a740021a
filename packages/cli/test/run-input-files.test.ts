import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createReadyHome, documentOf } from './run-in-process.ts';

/** A home with a folder `data` in it. */
async function createDataHome() {
  const home = await createReadyHome();
  const data = join(home.homeFolder, 'data');
  mkdirSync(join(data, 'deep', 'er'), { recursive: true });
  writeFileSync(join(data, 'a.csv'), 'a');
  writeFileSync(join(data, 'deep', 'er', 'b.csv'), 'b');
  const runWith = (path: string) => home.run(['run', '-', '--json', '--file', `${path}=${data}`], { input: 'files' });
  return { ...home, data, runWith };
}

test('a folder is laid below a path, or into the work folder itself', async () => {
  const home = await createDataHome();
  symlinkSync('deep/er/b.csv', join(home.data, 'link.csv'));
  expect(documentOf(await home.runWith('in'))['value']).toEqual({ 'in/a.csv': 'a', 'in/deep/er/b.csv': 'b', 'in/link.csv': 'b' });
  expect(documentOf(await home.runWith('.'))['value']).toEqual({ 'a.csv': 'a', 'deep/er/b.csv': 'b', 'link.csv': 'b' });
});

test.each<[string, (data: string) => void, string]>([
  ['a link that leads out of it', (data) => symlinkSync('/etc/passwd', join(data, 'out')), 'leads out of the folder'],
  ['a link to its neighbour', (data) => symlinkSync('../data-2', join(data, 'out')), 'leads out of the folder'],
  ['a link to a folder of it', (data) => symlinkSync('deep', join(data, 'loop')), 'is a link to something that is no file'],
  ['a link to itself', (data) => symlinkSync('self', join(data, 'self')), 'is a link that leads nowhere'],
  ['a pipe', (data) => void execFileSync('mkfifo', [join(data, 'pipe')]), 'is neither a file nor a folder'],
  ['a name that no sandbox takes', (data) => writeFileSync(join(data, 'back\\slash'), ''), 'contains a backslash'],
  [
    'more files than a request may have',
    (data) => {
      for (let index = 0; index < 100; index += 1) writeFileSync(join(data, `f${index}`), '');
    },
    'more than 100 files',
  ],
  [
    'more entries than are looked at',
    (data) => {
      for (let index = 0; index < 1000; index += 1) mkdirSync(join(data, `d${index}`));
    },
    'more than 1000 entries',
  ],
  [
    'more bytes than a request may have',
    (data) => {
      for (const name of ['x', 'y', 'z']) writeFileSync(join(data, name), Buffer.alloc(12 * 1024 * 1024));
    },
    'bytes; the most is',
  ],
])('a folder is refused that has %s', async (_what, put, message) => {
  const home = await createDataHome();
  mkdirSync(`${home.data}-2`);
  put(home.data);
  const { exitCode, stdout } = await home.runWith('in');
  expect([exitCode, stdout]).toEqual([2, expect.stringContaining(message)]);
});

test('variables are given, with a value or with that of the command', async () => {
  const home = await createReadyHome();
  const words = ['run', '-', '--json', '--env', 'A=b=c', '--env', 'HERE'];
  const outcome = await home.run(words, { input: 'environment', environment: { HERE: 'x' } });
  expect(documentOf(outcome)['value']).toEqual({ A: 'b=c', HERE: 'x' });
  for (const [env, message] of [
    ['=x', 'has no name'],
    ['A-B=x', 'is not a name of an environment variable'],
  ] as const) {
    const refused = await home.run(['run', '-', '--env', env], { input: 'value 1' });
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(message)]);
  }
});
