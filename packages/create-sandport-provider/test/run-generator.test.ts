import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStandalone } from '../src/index.ts';
import { runGenerator } from '../src/run-generator.ts';

const RANGES = Object.fromEntries(
  ['@sandport/core', '@sandport/provider-kit', '@sandport/conformance', 'zod', '@types/node', 'typescript', 'vitest'].map((name) => [
    name,
    '^1.2.3',
  ]),
);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sandport-generator-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(...words: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const exitCode = await runGenerator(words, {
    currentFolder: folder,
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
  });
  return { exitCode, stdout: stdout.join(''), stderr: stderr.join('') };
}

async function listFiles(below: string): Promise<string[]> {
  const entries = await readdir(below, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(below, path.join(entry.parentPath, entry.name)));
}

describe('a package that stands by itself', () => {
  test('has its name everywhere, and real versions', async () => {
    const created = await createStandalone({ name: 'blue-sky', folder: path.join(folder, 'made'), ranges: RANGES });
    expect(created.packageName).toBe('sandport-provider-blue-sky');
    const files = await listFiles(created.folder);
    const named = ['provider', 'provider-config', 'provider-definition', 'capabilities', 'errors', 'health'].map(
      (part) => `src/blue-sky-${part}.ts`,
    );
    const others = [
      'package.json',
      'tsconfig.json',
      'vitest.config.ts',
      'README.md',
      'src/index.ts',
      'test/conformance.test.ts',
      'guest/relay.py',
    ];
    expect(files).toEqual(expect.arrayContaining([...named, ...others]));
    for (const file of files) {
      const text = await readFile(path.join(created.folder, file), 'utf8');
      expect(text, file).not.toMatch(/new[-_ ]?cloud|PACKAGE_NAME|\.\.\/provider-kit|TEST_COMMAND|catalog:|workspace:/i);
    }
    const manifest = JSON.parse(await readFile(path.join(created.folder, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    expect(manifest['dependencies']).toEqual({ '@sandport/core': '^1.2.3', '@sandport/provider-kit': '^1.2.3', zod: '^1.2.3' });
  });

  test('may be made in a folder that is empty', async () => {
    await mkdir(path.join(folder, 'made'));
    const created = await createStandalone({ name: 'blue', folder: path.join(folder, 'made'), ranges: RANGES });
    expect(await listFiles(created.folder)).toContain('src/blue-provider.ts');
    expect(await readdir(folder)).toEqual(['made']);
  });

  test.each([
    ['a folder with something in it', async () => mkdir(path.join(folder, 'made', 'precious'), { recursive: true })],
    ['a file', async () => writeFile(path.join(folder, 'made'), 'precious')],
  ])('is refused in %s, which stays as it was', async (_what, prepare) => {
    await prepare();
    const before = await readdir(folder, { recursive: true });
    const made = createStandalone({ name: 'blue', folder: path.join(folder, 'made'), ranges: RANGES });
    await expect(made).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      details: { field: 'folder' },
      message: expect.stringContaining('there already') as string,
    });
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });
});

describe('the command', () => {
  test('explains itself with examples', async () => {
    const { exitCode, stdout, stderr } = await run('--help');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('$ npm create sandport-provider@latest my-cloud');
    expect(stdout).toContain('--in-repository');
  });

  test.each([
    [['My Cloud'], 'cannot become part of identifiers'],
    [['blue'], 'knows no published version'],
    [['blue', '--in-repository'], 'is not in a repository of Sandport'],
    [['blue', '--in-repository', '--folder', 'x'], 'in the repository the name says where'],
    [[], 'missing required argument'],
    [['blue', '--force'], 'unknown option'],
  ])('refuses %j with the reason, and writes nothing', async (words, reason) => {
    const { exitCode, stdout, stderr } = await run(...words);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(reason);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('in a repository', () => {
  const list = `export { blueProvider } from '@sandport/provider-blue';\n`;

  async function prepareRepository(readme: string): Promise<void> {
    await mkdir(path.join(folder, 'packages/providers/src'), { recursive: true });
    const files = {
      'packages/providers/src/providers.ts': list,
      'packages/providers/package.json': '{\n  "dependencies": {\n    "@sandport/provider-blue": "workspace:^"\n  }\n}\n',
      'packages/providers/tsconfig.json': '{\n  "references": [\n    { "path": "../provider-blue" }\n  ]\n}\n',
      'README.md': readme,
    };
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text);
  }

  test('it changes nothing when one of the places cannot be found', async () => {
    await prepareRepository('no table');
    const before = await listFiles(folder);
    const { exitCode, stderr } = await run('green', '--in-repository');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('README.md has no line')]);
    expect(await listFiles(folder)).toEqual(before);
    expect(await readFile(path.join(folder, 'packages/providers/src/providers.ts'), 'utf8')).toBe(list);
  });

  test('it says what it made and changed', async () => {
    await prepareRepository('| [`@sandport/provider-blue`](packages/provider-blue) | `blue` | sky | Python |\n');
    const { exitCode, stdout } = await run('green', '--in-repository');
    expect(exitCode).toBe(0);
    for (const file of ['packages/provider-green', 'packages/providers/src/providers.ts', 'README.md']) expect(stdout).toContain(file);
    const again = await run('green', '--in-repository');
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('there already')]);
  });
});
