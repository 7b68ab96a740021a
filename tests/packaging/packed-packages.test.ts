import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listPublishedPackages } from '../../tools/setup/repository.mjs';
import { ConsumerProject } from './consumer-project.ts';

const names = listPublishedPackages().map(({ manifest }) => manifest.name);

let project: ConsumerProject;

beforeAll(async () => {
  project = await ConsumerProject.create();
});

afterAll(() => project.remove());

describe('packed packages', () => {
  test.each(names)('%s is imported and required by a program that only installed it', async (name) => {
    const imported = await project.runModule(
      'import.mjs',
      `const names = Object.keys(await import('${name}'));
if (names.length === 0) throw new Error('it exports nothing');
process.stdout.write(names.join());
`,
    );
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    const required = await project.runModule('require.cjs', `process.stdout.write(Object.keys(require('${name}')).join());\n`);
    expect(required).toMatchObject({ exitCode: 0, stdout: imported.stdout });
  });

  test.each(names)('%s carries its licence, its README and no tests', (name) => {
    const folder = project.packageFolder(name);
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { license: string };
    expect(manifest.license).toBe('Apache-2.0');
    expect(['LICENSE', 'README.md'].filter((file) => !existsSync(path.join(folder, file)))).toEqual([]);
    expect(existsSync(path.join(folder, 'test'))).toBe(false);
  });

  test('the command is installed and explains itself', async () => {
    const outcome = await project.runCommand(['--help']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(outcome.stdout).toContain('Usage: sandport');
    expect(outcome.stdout).toContain('images');
  });

  test('a program uses the contract without knowing where it came from', async () => {
    const outcome = await project.runModule(
      'contract.mjs',
      `import { parseExecutionRequest, SandboxError } from '@sandport/core';
const request = parseExecutionRequest({ code: 'print(1)', language: 'python3' });
try {
  parseExecutionRequest({ code: 1 });
} catch (error) {
  if (!SandboxError.isInstance(error)) throw error;
  process.stdout.write(JSON.stringify([request.language, error.code, error.details.field]));
}
`,
    );
    expect(outcome).toMatchObject({ exitCode: 0, stdout: '["python","REQUEST_INVALID","code"]' });
  });
});
