import type { ProviderCapabilities } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { LIMIT_TRIALS, programOf, requestLimits } from './limit-trials.ts';

const capabilities: ProviderCapabilities = {
  languages: ['python', 'javascript'],
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
  limits: { memory: true, processes: true, disk: true, cpus: true, openFiles: true },
  subprocesses: true,
  maxima: { timeoutMs: 20_000 },
};

const trialOf = (limit: string) => {
  const trial = LIMIT_TRIALS.find((one) => one.limit === limit);
  if (trial === undefined) throw new Error(`"${limit}" is not tried.`);
  return trial;
};

describe('the trial of a limit', () => {
  test('asks for nothing that is not declared', () => {
    const bare = { ...capabilities, limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: false } };
    expect(LIMIT_TRIALS.filter((trial) => trial.valueFor(bare) !== undefined).map(({ limit }) => limit)).toEqual(['time', 'output']);
  });

  test('starts no processes where programs are none', () => {
    expect(trialOf('processes').valueFor({ ...capabilities, subprocesses: false })).toBeUndefined();
  });

  test('gives a program time to meet another limit, as far as the provider allows', () => {
    expect(requestLimits(trialOf('memory'), 5, capabilities)).toEqual({ timeoutMs: 20_000, memoryBytes: 5 });
    expect(requestLimits(trialOf('time'), 5, capabilities)).toEqual({ timeoutMs: 5 });
  });

  test('is made in Python where that runs, and in the other language where not', () => {
    expect(programOf(trialOf('processes'), ['javascript', 'python'], capabilities)?.language).toBe('python');
    expect(programOf(trialOf('processes'), ['javascript'], capabilities)).toBeUndefined();
    expect(programOf(trialOf('time'), ['javascript', 'python'], capabilities)?.language).toBe('python');
    expect(programOf(trialOf('time'), ['javascript'], capabilities)?.language).toBe('javascript');
  });

  test('asks JavaScript without Node for nothing of Node', () => {
    const ecmascript = { ...capabilities, javascriptRuntime: 'ecmascript' } as const;
    const programs = LIMIT_TRIALS.flatMap((trial) => programOf(trial, ['javascript'], ecmascript)?.code ?? []);
    expect(programs).toHaveLength(4);
    expect(programs.filter((code) => /require|process|Buffer/.test(code))).toEqual([]);
    expect(programOf(trialOf('disk'), ['javascript'], capabilities)?.code).toContain('require');
  });
});
