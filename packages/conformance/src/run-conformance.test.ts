import type { ExecutionResult, Sandbox, SandboxProvider } from '@sandport/core';
import { describe, expect, it } from 'vitest';
import { CONFORMANCE_AREAS } from './conformance-case.ts';
import { CONFORMANCE_CASES } from './conformance-cases.ts';
import { ConformanceFailure, NotApplicable } from './conformance-failure.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { ConformanceSession } from './conformance-session.ts';
import { runConformance, selectCases } from './run-conformance.ts';

/** Makes sandboxes that never answer, and counts what was made and ended. */
class SilentProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = 'silent';
  readonly capabilities: SandboxProvider['capabilities'] = {
    languages: ['javascript'],
    javascriptRuntime: 'node',
    executionsPerSandbox: 'one',
    streamsOutput: false,
    stdin: false,
    contexts: false,
    richResults: false,
    lifetimes: false,
    reconnect: false,
    files: false,
    artifacts: false,
    environment: false,
    cancellation: false,
    network: ['none'],
    limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: false },
    subprocesses: false,
    maxima: { timeoutMs: 1000 },
  };
  open = 0;
  isClosed = false;

  createSandbox(): Promise<Sandbox> {
    this.open += 1;
    const destroy = () => {
      this.open -= 1;
      return Promise.resolve();
    };
    return Promise.resolve({
      id: 'silent',
      language: 'javascript',
      expiresAtMs: null,
      execute: () => new Promise<ExecutionResult>(() => undefined),
      createContext: () => Promise.reject(new Error('not asked here')),
      context: () => {
        throw new Error('not asked here');
      },
      writeFile: () => Promise.resolve(),
      readFile: () => Promise.resolve(new Uint8Array()),
      async *readFileStream() {
        yield new Uint8Array();
      },
      extend: () => Promise.resolve(),
      destroy,
      [Symbol.asyncDispose]: destroy,
    });
  }

  connectSandbox(): Promise<Sandbox> {
    return Promise.reject(new Error('not asked here'));
  }

  checkHealth(): ReturnType<SandboxProvider['checkHealth']> {
    return Promise.reject(new Error('not asked here'));
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const caseOf = (parts: Partial<ConformanceCase>): ConformanceCase => ({
  id: 'arguments/mine',
  title: 'does something',
  area: 'arguments',
  languages: [],
  requires: [],
  run: () => Promise.resolve(),
  ...parts,
});

async function outcomeOf(parts: Partial<ConformanceCase>, provider = new SilentProvider()) {
  await using session = await ConformanceSession.open({ createProvider: () => provider });
  const { outcome, message } = await session.run(caseOf(parts));
  return [outcome, message];
}

describe('the list of cases', () => {
  it('names every case once, by its area, with a title that states behaviour', () => {
    expect(new Set(CONFORMANCE_CASES.map(({ id }) => id)).size).toBe(CONFORMANCE_CASES.length);
    for (const { id, area, title } of CONFORMANCE_CASES) {
      expect(id).toMatch(/^[a-z]+\/[a-z0-9-]+(\[(python|javascript)\])?$/);
      expect(id.split('/')[0]).toBe(area);
      expect(title).toMatch(/^[a-z].*[^.]$/);
    }
  });

  it('covers every area, with at least sixty promises', () => {
    expect(new Set(CONFORMANCE_CASES.map(({ area }) => area))).toEqual(new Set(CONFORMANCE_AREAS));
    expect(new Set(CONFORMANCE_CASES.map(({ id }) => id.replace(/\[.*$/, ''))).size).toBeGreaterThan(60);
  });

  it('is chosen from by ids and by their beginnings', () => {
    expect(selectCases(['arguments/null[python]']).map(({ id }) => id)).toEqual(['arguments/null[python]']);
    expect(selectCases(['arguments/null']).map(({ id }) => id)).toEqual(['arguments/null[python]', 'arguments/null[javascript]']);
    expect(new Set(selectCases(['health/', 'results/']).map(({ area }) => area))).toEqual(new Set(['health', 'results']));
    expect(selectCases()).toBe(CONFORMANCE_CASES);
  });
});

describe('the outcome of a case', () => {
  it('passes when the promise is kept', async () => {
    expect(await outcomeOf({})).toEqual(['passed', undefined]);
  });

  it('fails with what was expected and found', async () => {
    const run = () => Promise.reject(new ConformanceFailure('value', 1, 2));
    expect(await outcomeOf({ run })).toEqual(['failed', 'value: expected 2, got 1']);
  });

  it('is not applicable when the case says so, or nobody runs its language', async () => {
    expect(await outcomeOf({ run: () => Promise.reject(new NotApplicable('nothing to see')) })).toEqual([
      'not-applicable',
      'nothing to see',
    ]);
    expect(await outcomeOf({ languages: ['python'] })).toEqual(['not-applicable', 'the provider does not run python']);
  });

  it('is not applicable without a capability that has no refusal', async () => {
    expect(await outcomeOf({ requires: ['subprocesses'] })).toEqual(['not-applicable', 'the provider does not declare subprocesses']);
  });

  it('fails when the refusal of an undeclared capability does not come', async () => {
    const [outcome] = await outcomeOf({ requires: ['limits.memory'] });
    expect(outcome).toBe('failed');
  });

  it('fails at its deadline, and what the case made is ended', async () => {
    const provider = new SilentProvider();
    const run: ConformanceCase['run'] = async (context) => {
      await context.execute({ code: '', language: 'javascript' });
    };
    const [outcome, message] = await outcomeOf({ run, deadlineMs: 50 }, provider);
    expect([outcome, message]).toEqual(['failed', "the case: expected 'settled', got 'still pending after 50 ms'"]);
    expect([provider.open, provider.isClosed]).toEqual([0, true]);
  });
});

describe('a run', () => {
  it('plants a variable in the environment and takes it away again', async () => {
    const before = { ...process.env };
    const session = await ConformanceSession.open({ createProvider: () => new SilentProvider() });
    const planted = Object.keys(process.env).filter((name) => !Object.hasOwn(before, name));
    expect(planted).toHaveLength(1);
    await session.close();
    expect({ ...process.env }).toEqual(before);
  });

  it('counts outcomes, tells the progress and closes every provider', async () => {
    const made: SilentProvider[] = [];
    const createProvider = () => {
      const provider = new SilentProvider();
      made.push(provider);
      return provider;
    };
    const seen: string[] = [];
    const report = await runConformance({
      createProvider,
      only: ['lifecycle/description', 'requests/undeclared-', 'limits/processes[', 'limits/processes-refused'],
      onProgress: ({ id }) => seen.push(id),
    });
    expect(report.cases.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['lifecycle/description', 'passed'],
      ['requests/undeclared-python', 'failed'],
      ['requests/undeclared-javascript', 'not-applicable'],
      ['limits/processes[python]', 'not-applicable'],
      ['limits/processes-refused[python]', 'not-applicable'],
    ]);
    expect(report).toMatchObject({ passed: 1, failed: 1, notApplicable: 3 });
    expect(seen).toEqual(report.cases.map(({ id }) => id));
    expect(made.map(({ isClosed, open }) => [isClosed, open])).toEqual([[true, 0]]);
  });

  it('begins no further case when its signal fires, and rejects with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const seen: string[] = [];
    const run = runConformance({
      createProvider: () => new SilentProvider(),
      only: ['requests/undeclared-', 'lifecycle/description'],
      signal: controller.signal,
      onProgress: ({ id }) => {
        seen.push(id);
        controller.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(seen).toHaveLength(1);
  });

  it('ends the case that runs when its signal fires, and what that case made', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const provider = new SilentProvider();
    const createSandbox = provider.createSandbox.bind(provider);
    provider.createSandbox = () => {
      controller.abort(reason);
      return createSandbox();
    };
    const seen: string[] = [];
    const only = ['results/'];
    const run = runConformance({ createProvider: () => provider, only, signal: controller.signal, onProgress: ({ id }) => seen.push(id) });
    await expect(run).rejects.toBe(reason);
    expect([provider.open, provider.isClosed, seen]).toEqual([0, true, []]);
  });
});
