import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guideCommands, withPinnedManager } from './guide-commands.ts';
import { RepositoryCopy } from './repository-copy.ts';

const GUIDE = 'docs/add-a-provider.md';

/**
 * The first level as a whole is run by who has what is published, and by the tests of the template, from the same sources. Here it is enough that it is found and passes where it is.
 */
const part = (words: readonly string[]): string[] =>
  words.includes('packages/provider-my-cloud') && words.includes('vitest') ? ['-t', 'lifecycle/'] : [];

describe('who follows the guide in a clone', () => {
  let copy: RepositoryCopy;
  beforeAll(async () => {
    copy = await RepositoryCopy.create();
  });
  afterAll(() => copy.remove());

  const commands = guideCommands(GUIDE, 'npx pnpm@10 install');

  test.each(commands.map((words) => [words.join(' '), words] as const))('%s', async (_line, words) => {
    const { exitCode, stdout, stderr } = await copy.run([...withPinnedManager(words), ...part(words)]);
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
