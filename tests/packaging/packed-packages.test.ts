import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listPublishedPackages, toolPath } from '../../tools/setup/repository.mjs';
import { ADAPTER_PROGRAMS, documented, FRAMEWORKS, MCP_SERVER, mcpClientProgram } from './adapter-programs.ts';
import { ConsumerProject } from './consumer-project.ts';
import { importingProgram, namesWithExports, requiringProgram } from './import-programs.ts';
import { ensureNodePrograms, NODE_MAJORS, packagesFor } from './node-programs.ts';
import { README_PRINTS, readmeProgram } from './readme-program.ts';
import { compilerSettings, complaints, everyPackageProgram, moduleKinds, TYPED_AGENT } from './typed-programs.ts';

const OLD_TYPESCRIPT = 'typescript@5.9.3';

const names = listPublishedPackages().map(({ manifest }) => manifest.name);

let project: ConsumerProject;
let nodes: ReadonlyMap<number, string>;

beforeAll(async () => {
  [project, nodes] = await Promise.all([
    ConsumerProject.create({ besides: [OLD_TYPESCRIPT, '@types/node@20', ...FRAMEWORKS] }),
    ensureNodePrograms(new AbortController().signal),
  ]);
});

afterAll(() => project?.remove());

describe('packed packages', () => {
  test.each(NODE_MAJORS)('are imported and required by programs under Node %i', async (major) => {
    const expected = packagesFor(major);
    const nodeProgram = nodes.get(major);
    const imported = await project.runModule(`import-${major}.mjs`, importingProgram(expected), {}, nodeProgram);
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(namesWithExports(imported.stdout)).toEqual(expected);
    const required = await project.runModule(`require-${major}.cjs`, requiringProgram(expected), {}, nodeProgram);
    expect(required).toMatchObject({ exitCode: 0, stdout: imported.stdout });
  });

  test("run the README's lines under every Node", async () => {
    for (const major of NODE_MAJORS) {
      const outcome = await project.runModule('agent.mjs', readmeProgram(), {}, nodes.get(major));
      expect(outcome, `Node ${major}`).toMatchObject({ exitCode: 0, stdout: README_PRINTS });
    }
  });

  const examples = ADAPTER_PROGRAMS.flatMap((program) => program.majors.map((major) => ({ ...program, major })));
  test.each(examples)('run the example of $name under Node $major', async ({ major, file, prints }) => {
    const outcome = await project.runModule(path.basename(file), documented(file), {}, nodes.get(major));
    expect(outcome).toMatchObject({ exitCode: 0, stdout: prints });
  });

  test.each(NODE_MAJORS)('serve a client of the Model Context Protocol under Node %i', async (major) => {
    await project.write('server.mjs', documented(MCP_SERVER));
    const outcome = await project.runModule('mcp-client.mjs', mcpClientProgram('server.mjs'), {}, nodes.get(major));
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '', stdout: '[["run_code","list_artifacts","read_artifact"],["42"]]' });
  });

  describe('are understood by', () => {
    beforeAll(async () => {
      const { module, commonJs } = everyPackageProgram(names);
      await project.write('every-package.ts', module);
      await project.write('every-package.cts', commonJs);
      await project.write('typed-agent.ts', TYPED_AGENT);
    });

    const newest = toolPath('tsc');
    // Every declaration is checked once, by the newest. To the others it matters that they understand what a consumer uses.
    const compilations = [
      { compiler: 'TypeScript 7', program: newest, kind: moduleKinds.nodenext, skipLibCheck: false },
      { compiler: 'TypeScript 7', program: newest, kind: moduleKinds.bundler, skipLibCheck: true },
      { compiler: OLD_TYPESCRIPT, program: 'node_modules/.bin/tsc', kind: moduleKinds.nodenext, skipLibCheck: true },
      { compiler: OLD_TYPESCRIPT, program: 'node_modules/.bin/tsc', kind: moduleKinds.node16, skipLibCheck: true },
    ];
    test.each(compilations)('$compiler with $kind.module', async ({ program, kind, skipLibCheck }) => {
      const file = `tsconfig.${kind.module}.json`;
      await project.write(file, compilerSettings(kind, skipLibCheck));
      const { stdout, stderr } = await project.run([program, '--project', file, '--pretty', 'false']);
      expect(stderr).toBe('');
      expect(complaints(stdout)).toEqual([]);
    });
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
