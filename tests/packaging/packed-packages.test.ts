import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packPackages } from '../../tools/setup/pack-packages.mjs';
import { listPublishedPackages } from '../../tools/setup/repository.mjs';
import { runProgram, runTool } from '../../tools/setup/run-tool.mjs';

const published = listPublishedPackages().map(({ manifest }) => manifest);
const signal = new AbortController().signal;
const timeoutMs = 240_000;

/** An empty project of somebody who installed every package from its tarball. */
let project: string;

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'sandport-consumer-'));
  const tarballs = await packPackages({ folder: project, signal });
  await writeFile(path.join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  await runTool(['npm', 'install', ...tarballs], { timeoutMs, signal, cwd: project });
});

afterAll(() => rm(project, { recursive: true, force: true }));

async function runInProject(name: string, code: string): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  await writeFile(path.join(project, name), code);
  return runProgram([process.execPath, name], { timeoutMs, signal, cwd: project });
}

function packageFolder(name: string): string {
  return path.join(project, 'node_modules', ...name.split('/'));
}

describe('packed packages', () => {
  test.each(published.map(({ name }) => name))('%s is imported and required by a program that only installed it', async (name) => {
    const imported = await runInProject(
      'import.mjs',
      `const names = Object.keys(await import('${name}'));\nif (names.length === 0) throw new Error('it exports nothing');\nprocess.stdout.write(names.join());\n`,
    );
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    const required = await runInProject('require.cjs', `process.stdout.write(Object.keys(require('${name}')).join());\n`);
    expect(required).toMatchObject({ exitCode: 0, stdout: imported.stdout });
  });

  test.each(published.map(({ name }) => name))('%s carries its licence, its README and no tests', (name) => {
    const manifest = JSON.parse(readFileSync(path.join(packageFolder(name), 'package.json'), 'utf8')) as { license: string };
    expect(manifest.license).toBe('Apache-2.0');
    expect(['LICENSE', 'README.md'].filter((file) => !existsSync(path.join(packageFolder(name), file)))).toEqual([]);
    expect(existsSync(path.join(packageFolder(name), 'test'))).toBe(false);
  });

  test('the command is installed and explains itself', async () => {
    const output = await runTool(['npx', 'sandport', '--help'], { timeoutMs, signal, cwd: project });
    expect(output).toContain('Usage: sandport');
    expect(output).toContain('images');
  });

  test('a program uses the contract without knowing where it came from', async () => {
    const outcome = await runInProject(
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
