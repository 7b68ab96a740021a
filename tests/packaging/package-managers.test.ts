import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsumerProject, type ConsumerProjectOptions } from './consumer-project.ts';
import { importingProgram, namesWithExports, requiringProgram } from './import-programs.ts';
import { ensureNodePrograms, packagesFor } from './node-programs.ts';
import { README_PRINTS, readmeProgram } from './readme-program.ts';

const FOR_THE_README = ['@sandport/client', '@sandport/provider-wasm'];

// npm has a file of its own.
const installations: readonly (readonly [string, readonly string[], ConsumerProjectOptions])[] = [
  ['pnpm', packagesFor(20), { manager: 'pnpm' }],
  ['yarn 4', packagesFor(20), { manager: 'yarn 4' }],
  ['yarn 1', FOR_THE_README, { manager: 'yarn 1', packages: FOR_THE_README }],
];

describe.each(installations)('what %s installed', (_manager, names, options) => {
  let project: ConsumerProject;
  let nodes: ReadonlyMap<number, string>;
  beforeAll(async () => {
    [project, nodes] = await Promise.all([ConsumerProject.create(options), ensureNodePrograms(new AbortController().signal)]);
  });
  afterAll(() => project?.remove());

  test('is imported and required', async () => {
    const imported = await project.runModule('import.mjs', importingProgram(names));
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(namesWithExports(imported.stdout)).toEqual(names);
    expect(await project.runModule('require.cjs', requiringProgram(names))).toMatchObject({ exitCode: 0, stdout: imported.stdout });
  });

  test("runs the README's lines under every Node", async () => {
    for (const [major, program] of nodes) {
      const outcome = await project.runModule('agent.mjs', readmeProgram(), {}, program);
      expect(outcome, `Node ${major}`).toMatchObject({ exitCode: 0, stdout: README_PRINTS });
    }
  });
});
