import { describe, expect, it } from 'vitest';
import { runConformance, type ConformanceReport } from '../src/index.ts';
import { beyondReach } from './unisolated/beyond-reach.ts';
import { HOST_LANGUAGES } from './unisolated/host-runtimes.ts';
import { PLANTED_SECRET, UnisolatedProvider, type UnisolatedProviderOptions } from './unisolated/unisolated-provider.ts';

function run(options: UnisolatedProviderOptions, only?: readonly string[]): Promise<ConformanceReport> {
  return runConformance({
    createProvider: () => new UnisolatedProvider(options),
    plantedSecrets: [PLANTED_SECRET],
    concurrency: 4,
    only,
  });
}

describe(`the provider without isolation, running ${HOST_LANGUAGES.join(' and ')}`, () => {
  it('keeps every promise but those of isolation', { timeout: 120_000 }, async () => {
    const { cases, passed } = await run({});
    const unexpected = cases.filter(({ id, outcome }) => outcome === 'failed' && !beyondReach.includes(id.replace(/\[.*$/, '')));
    expect(unexpected).toEqual([]);
    const failed = new Set(cases.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id.replace(/\[.*$/, '')));
    expect([...failed].toSorted()).toEqual([...beyondReach].toSorted());
    expect(passed).toBeGreaterThan(300);
  });

  it('refuses what it does not declare, and the cases check that instead', async () => {
    const { cases, failed, notApplicable } = await run(
      {
        capabilities: {
          languages: ['javascript'],
          files: false,
          environment: false,
          artifacts: false,
          cancellation: false,
          streamsOutput: false,
          subprocesses: false,
        },
      },
      [
        'files/',
        'environment/variables',
        'artifacts/',
        'cancellation/',
        'output/callback-live',
        'limits/memory',
        'limits/disk',
        'limits/children',
      ],
    );
    expect(failed).toBe(0);
    const reasons = new Set(cases.flatMap(({ message }) => message ?? []));
    expect([...reasons].toSorted()).toEqual([
      'environment is not declared, and it is refused',
      'files is not declared, and it is refused',
      'limits.disk is not declared, and it is refused',
      'limits.memory is not declared, and it is refused',
      'the provider does not declare artifacts',
      'the provider does not declare cancellation',
      'the provider does not declare streamsOutput',
      'the provider does not declare subprocesses',
      'the provider does not run python',
    ]);
    expect(notApplicable).toBeGreaterThan(0);
  });

  it('refuses what keeps a sandbox alive when it declares none of it', async () => {
    const none = {
      javascriptRuntime: 'node',
      executionsPerSandbox: 'one',
      stdin: false,
      contexts: false,
      lifetimes: false,
      reconnect: false,
      richResults: false,
    } as const;
    const areas = ['lifecycle/', 'input/', 'sandboxes/', 'contexts/', 'lifetimes/', 'reconnection/', 'displays/', 'limits/open-files'];
    const limits = { memory: false, processes: false, disk: false, cpus: false, openFiles: false };
    const { cases, failed } = await run({ capabilities: { languages: ['javascript'], ...none, limits } }, areas);
    expect(cases.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(failed).toBe(0);
    const reasons = new Set(cases.flatMap(({ message }) => message ?? []));
    expect([...reasons].toSorted()).toEqual([
      'contexts is not declared, and it is refused',
      'executionsPerSandbox.many is not declared, and it is refused',
      'lifetimes is not declared, and it is refused',
      'limits.openFiles is not declared, and it is refused',
      'reconnect is not declared, and it is refused',
      'stdin is not declared, and it is refused',
      'the provider does not declare richResults',
      'the provider does not run python',
    ]);
  });

  it('refuses a language that it does not declare', async () => {
    const report = await run({ capabilities: { languages: ['javascript'] } }, ['requests/undeclared-', 'arguments/null']);
    const outcomes = report.cases.map(({ id, outcome }) => [id, outcome]);
    expect(outcomes).toEqual([
      ['requests/undeclared-python', 'passed'],
      ['requests/undeclared-javascript', 'not-applicable'],
      ['arguments/null[python]', 'not-applicable'],
      ['arguments/null[javascript]', 'passed'],
    ]);
  });
});
