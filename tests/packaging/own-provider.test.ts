import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPackedRegistry } from '../../tools/registry/packed-registry.mjs';
import { runProgram } from '../../tools/setup/run-tool.mjs';
import { guideCommands } from './guide-commands.ts';
import { OUTSIDE_OF_TESTS } from './repository-copy.ts';

const timeoutMs = 280_000;
const signal = new AbortController().signal;

describe('who follows the guide with what is published', () => {
  const [create = [], [, made = ''] = [], ...withinIt] = guideCommands(
    'docs/add-a-provider.md',
    'npm create sandport-provider@latest my-cloud',
  );
  let folder: string;
  let packed: Awaited<ReturnType<typeof openPackedRegistry>>;
  beforeAll(async () => {
    packed = await openPackedRegistry({ signal });
    folder = await mkdtemp(path.join(tmpdir(), 'sandport-own-provider-'));
  });
  afterAll(async () => {
    await packed?.registry.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const run = async ([program = '', ...words]: readonly string[], cwd: string): Promise<void> => {
    const env = { ...packed.environment, ...OUTSIDE_OF_TESTS, npm_config_prefer_offline: 'true' };
    const { exitCode, stdout, stderr } = await runProgram([program, ...words], { timeoutMs, signal, cwd, env });
    expect(exitCode, `${program} ${words.join(' ')}\n${stdout}${stderr}`).toBe(0);
  };

  test('makes a package in an empty folder', async () => {
    await run(create, folder);
    expect(await readdir(folder)).toEqual([made]);
  });

  test.each(withinIt.map((words) => [words.join(' '), words] as const))('%s', (_line, words) => run(words, path.join(folder, made)));

  test('has types that are right, and can be built', async () => {
    await run(['npm', 'run', 'check'], path.join(folder, made));
    await run(['npm', 'run', 'build'], path.join(folder, made));
    expect(await readdir(path.join(folder, made, 'dist'))).toContain('index.js');
  });
});
