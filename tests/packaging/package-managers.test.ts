import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsumerProject, type ConsumerProjectOptions } from './consumer-project.ts';
import { importingProgram, namesWithExports, requiringProgram } from './import-programs.ts';
import { packagesFor } from './node-programs.ts';
import { readmeProgram } from './readme-program.ts';

const FOR_THE_README = ['@sandport/client', '@sandport/provider-wasm', '@sandport/settings'];

/** Chooses the provider without the command, which makes a trial of it each time. */
const CHOOSING_PROGRAM = `import { wasmProvider } from '@sandport/provider-wasm';
import { openSqliteSettings } from '@sandport/settings';
const settings = openSqliteSettings({ path: 'sandport.sqlite', providers: [wasmProvider] });
const change = { providerType: 'wasm', providers: { wasm: { config: {} } } };
await settings.configurations.change(change, { author: 'test', reason: 'first', base: null });
await settings.close();
`;

// npm has a file of its own.
const installations: readonly (readonly [string, readonly string[], ConsumerProjectOptions])[] = [
  ['pnpm', packagesFor(20), { manager: 'pnpm' }],
  ['yarn 4', packagesFor(20), { manager: 'yarn 4' }],
  ['yarn 1', FOR_THE_README, { manager: 'yarn 1', packages: FOR_THE_README }],
];

describe.each(installations)('what %s installed', (_manager, names, options) => {
  let project: ConsumerProject;
  beforeAll(async () => {
    project = await ConsumerProject.create(options);
  });
  afterAll(() => project?.remove());

  test('is imported and required', async () => {
    const imported = await project.runModule('import.mjs', importingProgram(names));
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(namesWithExports(imported.stdout)).toEqual(names);
    expect(await project.runModule('require.cjs', requiringProgram(names))).toMatchObject({ exitCode: 0, stdout: imported.stdout });
  });

  test("runs the README's lines", async () => {
    expect(await project.runModule('choose.mjs', CHOOSING_PROGRAM)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await project.runModule('agent.mjs', readmeProgram())).toMatchObject({ exitCode: 0, stdout: 'completed "Hello World!"' });
  });
});
