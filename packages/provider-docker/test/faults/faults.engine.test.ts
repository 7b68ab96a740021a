import { createProvider } from '@sandport/core';
import { describe, expect, it } from 'vitest';
import { dockerProvider } from '../../src/index.ts';
import { burst, twoTenants } from './crowd.mjs';
import { makeManyCalls } from './endurance.mjs';
import { containersRemoved, socketCut, socketStalled, strikeWhileCallsRun } from './engine-faults.mjs';
import { killEngine } from './engine-killed.mjs';
import { killProcesses } from './killed-processes.mjs';
import { canHaveOwnEngine } from './killable-engine.mjs';
import { floodOutput, writeLines } from './output.mjs';
import type { Surroundings } from './scenario.mjs';

// Numbers are small here and times are generous: `pnpm soak` runs the same scenarios for long, and judges their times.
const recoveryMs = 30_000;

function surroundings(isolation: 'gvisor' | 'runc'): Surroundings {
  return {
    isolation,
    dockerHost: process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock',
    open: (config) => createProvider(dockerProvider, config),
    log: () => undefined,
  };
}

describe('faults', () => {
  it.each([
    { isolation: 'gvisor', fault: socketCut },
    { isolation: 'runc', fault: socketCut },
    { isolation: 'runc', fault: socketStalled },
    { isolation: 'gvisor', fault: containersRemoved },
    { isolation: 'runc', fault: containersRemoved },
  ] as const)('no call is lost and the pool recovers: $fault.name under $isolation', async ({ isolation, fault }) => {
    const { problems, figures } = await strikeWhileCallsRun(surroundings(isolation), { fault, rounds: 1, recoveryMs });
    expect(problems, JSON.stringify(figures)).toEqual([]);
  });

  // Elsewhere nobody can have an engine of one's own to kill.
  if (canHaveOwnEngine) {
    it('no call is lost and the pool recovers: engine killed and started again', { timeout: 150_000 }, async () => {
      const { problems, figures } = await killEngine(surroundings('runc'), { rounds: 1, recoveryMs });
      expect(problems, JSON.stringify(figures)).toEqual([]);
    });
  }
});

describe('load', () => {
  it('leaves nothing behind of processes that are killed at random moments', { timeout: 150_000 }, async () => {
    const { problems, figures } = await killProcesses(surroundings('runc'), { kills: 10, atATime: 2, longestLifeMs: 2_000 });
    expect(problems, JSON.stringify(figures)).toEqual([]);
    expect(figures).toMatchObject({ kills: 10, orphans: 0 });
  });

  it.each([
    [100, 1],
    [64, 16],
  ])('holds no more after %d calls, %d at a time, than before', { timeout: 120_000 }, async (calls, atATime) => {
    const { problems, figures } = await makeManyCalls(surroundings('runc'), {
      calls,
      atATime,
      callsPerSandbox: 25,
      warmUpCalls: atATime,
      settleMs: 500,
    });
    expect(problems, JSON.stringify(figures)).toEqual([]);
  });

  it('answers each call of a burst, or refuses it with a time to retry', async () => {
    const { problems, figures } = await burst(surroundings('runc'), { calls: 100, maxWaitMs: 1_000, judgesTimes: false });
    expect(problems, JSON.stringify(figures)).toEqual([]);
  });

  it('serves a quiet tenant beside a crowd', async () => {
    const { problems, figures } = await twoTenants(surroundings('runc'), { calls: 4, intervalMs: 300, judgesTimes: false });
    expect(problems, JSON.stringify(figures)).toEqual([]);
  });
});

describe.each(['gvisor', 'runc'] as const)('output under %s', (isolation) => {
  it('is cut at its cap, however much is written', async () => {
    const { problems, figures } = await floodOutput(surroundings(isolation), { megabytes: 100 });
    expect(problems, JSON.stringify(figures)).toEqual([]);
  });

  it('arrives whole and in order in many small lines', async () => {
    const { problems, figures } = await writeLines(surroundings(isolation), { lines: 100_000 });
    expect(problems, JSON.stringify(figures)).toEqual([]);
  });
});
