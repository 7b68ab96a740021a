import { describe, expect, it } from 'vitest';
import type { RunFacts } from './run-facts.ts';
import { decideVerdict, evidenceOf } from './verdict.ts';

const error = { type: 'ValueError', message: 'no', traceback: '' };
const exit = (exitCode: number | null, signal: string | null = null): Pick<RunFacts, 'exit'> => ({
  exit: { kind: 'exit', observer: 'supervisor', exitCode, signal },
});
const abort = { abort: { kind: 'abort', observer: 'host' } } as const;
const timer = { timer: { kind: 'timer', observer: 'host', limitMs: 5, elapsedMs: 6 } } as const;
const outputLimit = { outputLimit: { kind: 'output-limit', observer: 'supervisor', stream: 'stdout', limitBytes: 9 } } as const;
const outOfMemory = {
  outOfMemory: { kind: 'out-of-memory', observer: 'supervisor', source: 'cgroup-v1-oom-kill', limitBytes: 9, kills: 1 },
} as const;

function facts(...some: readonly Partial<RunFacts>[]): RunFacts {
  const none: RunFacts = {
    isolation: { kind: 'isolation', observer: 'supervisor', isolation: 'gvisor', measuredBy: 'test' },
    abort: null,
    timer: null,
    outputLimit: null,
    outOfMemory: null,
    limits: [],
    interpreterLives: false,
    exit: null,
    sandboxEnd: null,
    report: { state: 'empty' },
  };
  return Object.assign(none, ...some) as RunFacts;
}

describe('decideVerdict', () => {
  it.each([
    ['a value', facts(exit(0), { report: { state: 'value', value: 1, valueJson: '1' } }), 'completed'],
    ['a value of a cell', facts({ interpreterLives: true, report: { state: 'value', value: 1, valueJson: '1' } }), 'completed'],
    ['an error of a cell', facts({ interpreterLives: true, report: { state: 'error', error } }), 'failed'],
    ['no main', facts(exit(0), { report: { state: 'none' } }), 'completed'],
    ['sys.exit(0)', facts(exit(0)), 'completed'],
    ['an error', facts(exit(1), { report: { state: 'error', error } }), 'failed'],
    ['an error with exit code 0', facts(exit(0), { report: { state: 'error', error } }), 'failed'],
    ['a value with exit code 3', facts(exit(3), { report: { state: 'value', value: 1, valueJson: '1' } }), 'failed'],
    ['exit code 124', facts(exit(124)), 'failed'],
    ['exit code 137', facts(exit(137)), 'failed'],
    ['a forged report', facts(exit(0), { report: { state: 'malformed' } }), 'failed'],
    ['a value above its limit', facts(exit(1), { report: { state: 'too-large', sizeBytes: 9 } }), 'failed'],
    ['SIGSEGV', facts(exit(null, 'SIGSEGV')), 'failed'],
    ['SIGKILL without a proof', facts(exit(null, 'SIGKILL')), 'killed'],
    ['SIGKILL with a counter', facts(exit(null, 'SIGKILL'), outOfMemory), 'out-of-memory'],
    ['exit code 1 with a counter', facts(exit(1), outOfMemory), 'out-of-memory'],
    ['a killed child that the program survived', facts(exit(0), outOfMemory), 'completed'],
    ['an end that nobody saw', facts(), 'killed'],
    ['too much output', facts(exit(null, 'SIGKILL'), outputLimit), 'output-limit-exceeded'],
    ['the timer', facts(timer), 'timed-out'],
    ['the timer before a counter', facts(timer, outOfMemory), 'timed-out'],
    ['the caller before the timer', facts(abort, timer), 'cancelled'],
  ])('takes %s for what it is', (_what, given, status) => {
    expect(decideVerdict(given).status).toBe(status);
  });

  it('gives the value with its exact text', () => {
    const report = { state: 'value', value: 2 ** 60, valueJson: '1152921504606846977' } as const;
    expect(decideVerdict(facts(exit(0), { report }))).toEqual({
      status: 'completed',
      error: null,
      value: 2 ** 60,
      valueJson: '1152921504606846977',
    });
  });

  it('names exit codes and signals where the program reported nothing, and prefers what it reported', () => {
    expect(decideVerdict(facts(exit(3)))).toMatchObject({ error: { type: 'ExitCode' } });
    expect(decideVerdict(facts(exit(null, 'SIGABRT')))).toMatchObject({ error: { type: 'Signal' } });
    expect(decideVerdict(facts(exit(3), { report: { state: 'error', error } }))).toMatchObject({ error });
  });
});

describe('evidenceOf', () => {
  it('lists what there is, and always the value channel and the isolation', () => {
    expect(evidenceOf(facts(timer)).map(({ kind }) => kind)).toEqual(['timer', 'value-channel', 'isolation']);
    expect(evidenceOf(facts(exit(0), { report: { state: 'none' } }))).toContainEqual({
      kind: 'value-channel',
      observer: 'host',
      state: 'empty',
    });
  });
});
