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

  test.each([
    ['@sandport/core', []],
    ['@sandport/client', ['@sandport/core']],
  ])('%s is one file, whose libraries came along with their licences', (name, outside) => {
    const folder = path.join(project.packageFolder(name), 'bundle');
    const code = readFileSync(path.join(folder, 'index.js'), 'utf8');
    const imported = new Set([...code.matchAll(/^import .*?from "(.+?)";$/gm)].map(([, specifier]) => specifier));
    expect([...imported].filter((specifier) => !specifier?.startsWith('node:'))).toEqual(outside);
    expect(readFileSync(path.join(folder, 'THIRD-PARTY.txt'), 'utf8')).toMatch(/^zod\n\n.*MIT/);
  });

  test('a call goes through everything, with a schema, and telemetry, of other copies of the libraries', async () => {
    const outcome = await project.runModule(
      'call.mjs',
      `import { INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';
import { createSandboxClient } from '@sandport/client';
import { wasmProvider } from '@sandport/provider-wasm';
import { openSqliteSettings } from '@sandport/settings';
import { z } from 'zod';
const spans = new Set();
const span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const start = (name) => spans.add(name) && span;
const tracer = { startSpan: start, startActiveSpan: (name, ...rest) => rest.at(-1)(start(name)) };
trace.setGlobalTracerProvider({ getTracer: () => tracer });
const settings = openSqliteSettings({ path: 'call.sqlite', providers: [wasmProvider] });
const change = { providerType: 'wasm', providers: { wasm: { config: {} } } };
await settings.configurations.change(change, { author: 'test', reason: 'first', base: null });
const client = createSandboxClient({ settings, providers: [wasmProvider] });
const value = z.object({ n: z.number().transform((n) => n + 1) });
const result = await client.execute({ code: 'def main():\\n    return {"n": 41}\\n', value });
await client.close();
await settings.close();
process.stdout.write(JSON.stringify([result.status, result.value, spans.has('sandport.client.execute')]));
`,
    );
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '', stdout: '["completed",{"n":42},true]' });
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
