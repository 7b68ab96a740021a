import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProvider, type ExecutionResult, type SandboxProvider } from '@sandport/core';
import { wasmProvider } from '../src/index.ts';
import { javascriptMachine, javascriptResources } from './hostile/javascript.ts';
import type { HostileProgram } from './hostile/hostile-program.ts';
import { pythonFiles } from './hostile/python-files.ts';
import { pythonMachine, pythonResources } from './hostile/python-machine.ts';

const THEMES = [pythonFiles, pythonResources, pythonMachine, javascriptResources, javascriptMachine];
const TIMEOUT_MS = 180_000;

/** How much the host may grow by all of them together. */
const HOST_GROWTH_BYTES = 160 * 1024 * 1024;

const NEIGHBOUR = 'import time\ndef main():\n    open("own", "w").write("mine")\n    time.sleep(0.3)\n    return open("own").read()\n';

let provider: SandboxProvider;
let residentBefore = 0;

beforeAll(async () => {
  provider = createProvider(wasmProvider, { maxIdleChildren: 1 });
  await run({ name: 'warm', code: 'pass' }, 'python');
  residentBefore = process.memoryUsage().rss;
}, TIMEOUT_MS);

afterAll(async () => {
  await provider.close();
  expect(childrenOf(process.pid)).toEqual([]);
}, TIMEOUT_MS);

describe.for(THEMES)('hostile programs in $language, against $theme', ({ language, programs }) => {
  test.for(programs.map((program) => [program.name, program] as const))(
    '%s',
    { timeout: TIMEOUT_MS, concurrent: true },
    async ([, program], context) => {
      const result = await run(program, language);
      const { status = 'completed' } = program;
      context.expect([status].flat(), JSON.stringify(result).slice(0, 2000)).toContain(result.status);
      if (program.value !== undefined) context.expect(result).toMatchObject({ status: 'completed', value: program.value });
      if (program.message !== undefined) context.expect(result.error?.message).toMatch(program.message);
      const kinds = result.evidence.map(({ kind }) => kind);
      if (program.evidence !== undefined) context.expect(kinds).toContain(program.evidence);
      // No verdict of lack of memory or time without its proof.
      if (result.status === 'out-of-memory') context.expect(kinds).toContain('out-of-memory');
      if (result.status === 'timed-out') context.expect(kinds).toContain('timer');
      context.expect(result.isolation.kind).toBe('wasm');
    },
  );
});

test('a neighbour of hostile programs is unharmed', { timeout: TIMEOUT_MS }, async () => {
  const bad = pythonResources.programs.filter(({ status }) => status === 'timed-out').slice(0, 3);
  const [neighbour] = await Promise.all([
    run({ name: 'neighbour', code: NEIGHBOUR, limits: { timeoutMs: 30_000 } }, 'python'),
    ...bad.map((program) => run(program, 'python')),
  ]);
  expect(neighbour).toMatchObject({ status: 'completed', value: 'mine' });
});

test('the host has not grown by what hostile programs tried', () => {
  expect(process.memoryUsage().rss - residentBefore).toBeLessThan(HOST_GROWTH_BYTES);
});

async function run({ code, limits }: HostileProgram, language: 'python' | 'javascript'): Promise<ExecutionResult> {
  const { timeoutMs = 90_000, memoryBytes, diskBytes, openFiles } = limits ?? {};
  await using sandbox = await provider.createSandbox({ language, limits: { memoryBytes, diskBytes, openFiles } });
  return await sandbox.execute({ code, language, limits: { timeoutMs } });
}

/** Processes that we started and that have not ended, where the system shows them. */
function childrenOf(parentId: number): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        return Number(parent) === parentId && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('main.mjs');
      } catch (error) {
        // It ended while we looked.
        if (error instanceof Error && 'code' in error) return false;
        throw error;
      }
    });
}
