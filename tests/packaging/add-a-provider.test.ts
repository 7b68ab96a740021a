import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../tools/setup/run-tool.mjs';
import { ConsumerProject } from './consumer-project.ts';
import { guideCommands, withPinnedManager } from './guide-commands.ts';
import { OUTSIDE_OF_TESTS, RepositoryCopy } from './repository-copy.ts';

const GUIDE = 'docs/add-a-provider.md';

describe('who follows the guide in a clone', () => {
  let copy: RepositoryCopy;
  beforeAll(async () => {
    copy = await RepositoryCopy.create();
  });
  afterAll(() => copy.remove());

  const commands = guideCommands(GUIDE, 'npx pnpm@10 install');

  test.each(commands.map((words) => [words.join(' '), words] as const))('%s', async (_line, words) => {
    const { exitCode, stdout, stderr } = await copy.run(withPinnedManager(words));
    expect(exitCode, stdout + stderr).toBe(0);
  });

  test('has touched a folder, one line of the list with what it takes, one row, and the lockfile', async () => {
    const changes = await copy.changes();
    const ownFolder = 'packages/provider-my-cloud/';
    const own = [...changes].filter(([file]) => file.startsWith(ownFolder));
    expect(own).toEqual(expect.arrayContaining([[`${ownFolder}src/my-cloud-provider.ts`, 'new']]));
    const lockfile = 'pnpm-lock.yaml';
    expect(changes.get(lockfile)).toMatch(/^\+\d+ -0$/);
    expect(Object.fromEntries([...changes].filter(([file]) => file !== lockfile && !file.startsWith(ownFolder)))).toEqual({
      'README.md': '+1 -0',
      'packages/providers/package.json': '+1 -0',
      'packages/providers/src/providers.ts': '+1 -0',
      'packages/providers/tsconfig.json': '+1 -0',
    });
  });
});

describe('who follows the guide with what is published', () => {
  let project: ConsumerProject;
  beforeAll(async () => {
    project = await ConsumerProject.create();
  });
  afterAll(() => project.remove());

  test('has a package that passes the first level, and can be built', async () => {
    const [create = [], enter = [], install = [], run = []] = guideCommands(GUIDE, 'npm create sandport-provider@latest my-cloud');
    const signal = new AbortController().signal;
    const within = (words: readonly string[], cwd: string) => {
      const [program = '', ...rest] = words;
      return runProgram([program, ...rest], {
        timeoutMs: 280_000,
        signal,
        cwd,
        env: OUTSIDE_OF_TESTS,
      });
    };
    // `npm create x` runs the command create-x.
    const made = await within(['npx', `create-${create[2]?.replace('@latest', '')}`, ...create.slice(3)], project.folder);
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    const folder = path.join(project.folder, enter[1] ?? '');
    // They are not in a registry: what was packed takes the place of what would be found there.
    const tarballs = (await readdir(project.folder)).filter((name) => /^sandport-(?:core|provider-kit|conformance)-\d.*\.tgz$/.test(name));
    expect(tarballs).toHaveLength(3);
    for (const words of [[...install, ...tarballs.map((name) => `../${name}`)], ['npm', 'run', 'check'], run, ['npm', 'run', 'build']]) {
      const { exitCode, stdout, stderr } = await within(words, folder);
      expect(exitCode, `${words.join(' ')}\n${stdout}${stderr}`).toBe(0);
    }
    expect(await readdir(path.join(folder, 'dist'))).toContain('index.js');
  });
});
