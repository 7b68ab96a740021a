import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { guestFileUrl } from '../../src/runner/guest-files.ts';
import { fakeModules } from './fake-modules.ts';

interface Preloaded {
  readonly report: { loaded: string[]; failed: Record<string, string>; threads: number; descriptors: number[] };
  readonly draws: readonly (readonly [number, number | null])[];
  readonly threads: string;
}

async function preload(names: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Preloaded> {
  const script = fileURLToPath(new URL('./fork_preloaded.py', import.meta.url));
  const options = { encoding: 'utf8', env: { PATH: process.env['PATH'], ...environment } } as const;
  const text = execFileSync('python3', ['-B', script, fileURLToPath(guestFileUrl('.')), await fakeModules(), ...names], options);
  return JSON.parse(text.split('\n').at(-2) ?? '') as Preloaded;
}

describe('preloading', () => {
  it('says what is there now, and what is not and why', async () => {
    const { report } = await preload(['json', 'nothing_here', 'pandas', 'broken', 'leaving', 'matplotlib.pyplot']);
    expect(report).toEqual({
      loaded: ['json', 'pandas', 'matplotlib.pyplot'],
      failed: {
        nothing_here: "ModuleNotFoundError: No module named 'nothing_here'",
        broken: 'ValueError: two lines',
        leaving: 'SystemExit: 3',
      },
      threads: 1,
      descriptors: [],
    });
  });

  it('says which threads and descriptors the imports left', async () => {
    const { report } = await preload(['opening', 'threading_module']);
    expect(report.threads).toBe(2);
    expect(report.descriptors).toHaveLength(1);
  });

  it('keeps numeric libraries in the thread of their caller, unless the operator says otherwise', async () => {
    expect((await preload([])).threads).toBe('1');
    expect((await preload([], { OPENBLAS_NUM_THREADS: '3' })).threads).toBe('3');
  });

  it('lets children draw different random numbers', async () => {
    const { draws } = await preload(['random', 'numpy']);
    const [first, second] = draws;
    expect(first?.[0]).not.toBe(second?.[0]);
    expect(first?.[1]).not.toBe(second?.[1]);
  });
});
