import { SandboxError, type ExecutionResult } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { LIMIT_TRIALS } from '../src/limit-trials.ts';
import { prepareProvider, type PreparationOptions, type TrialFinding } from '../src/index.ts';
import { LANGUAGE_PROGRAMS } from '../src/steps/try-languages.ts';
import { Journal, pretendingDefinition, type Pretence } from './pretending-provider.ts';

const CASES = ['lifecycle/description', 'values/false', 'health/'];

async function findingsOf(pretence: Pretence = {}, options: Partial<PreparationOptions> = {}) {
  const findings: TrialFinding[] = [];
  const passport = await prepareProvider({
    definition: pretendingDefinition(new Journal(), pretence),
    config: {},
    configDigest: 'a'.repeat(64),
    cases: CASES,
    onFinding: (one) => findings.push(one),
    ...options,
  });
  // A passport that did not pass and nothing to be seen that failed would leave an operator alone.
  expect(findings.some(({ outcome }) => outcome === 'failed')).toBe(!passport.passed);
  for (const { outcome, remedy } of findings) expect(remedy !== undefined).toBe(outcome === 'failed' || outcome === 'warning');
  return { passport, findings };
}

const failedOf = async (pretence: Pretence, options: Partial<PreparationOptions> = {}) =>
  (await findingsOf(pretence, options)).findings.filter(({ outcome }) => outcome === 'failed');

const limitOf = (code: string) => LIMIT_TRIALS.find(({ programs }) => Object.values(programs).includes(code))?.limit;

describe('a provider that keeps its word', () => {
  test('has a finding for everything that was asked of it, in the order in which it was', async () => {
    const { findings, passport } = await findingsOf();
    expect(findings.map(({ kind, id, outcome }) => `${kind} ${id} ${outcome}`)).toEqual([
      'check configuration passed',
      'check pretence passed',
      'language python passed',
      'language javascript passed',
      'limit time passed',
      'limit memory passed',
      'limit output passed',
      'limit disk passed',
      'limit processes passed',
      'latency latency passed',
      'check isolation passed',
      ...passport.cases.map(({ id, outcome }) => `case ${id} ${outcome}`),
    ]);
    expect(findings.find(({ id }) => id === 'memory')).toMatchObject({
      title: 'A program that takes more than 256 MiB of memory is ended',
      message: 'The program ended as out-of-memory, with evidence.',
    });
  });

  test('has its warnings told with their remedies, and the limits that it does not declare', async () => {
    const limits = { memory: false, processes: false, disk: false, cpus: false, openFiles: false };
    const checks = [{ name: 'load', status: 'warning', message: 'It is high.', remedy: 'Lower it.' }] as const;
    const { findings } = await findingsOf({ checks, capabilities: { limits } });
    expect(findings.find(({ id }) => id === 'load')).toMatchObject({ outcome: 'warning', message: 'It is high.', remedy: 'Lower it.' });
    expect(findings.find(({ id }) => id === 'disk')).toMatchObject({
      outcome: 'not-applicable',
      message: 'The provider does not declare it.',
    });
  });
});

describe('a provider that does not', () => {
  test.each<[string, Pretence, Partial<PreparationOptions>, object]>([
    [
      'a configuration that is refused',
      {},
      { config: { label: 5 } },
      { kind: 'check', id: 'configuration', remedy: 'Correct the field "label" in the configuration of "pretending".' },
    ],
    ['another provider than the definition says', { id: 'imposter' }, {}, { kind: 'check', id: 'configuration' }],
    [
      'a failed health check',
      { checks: [{ name: 'engine', status: 'failed', message: 'It is not there.', remedy: 'Start it.' }] },
      {},
      { kind: 'check', id: 'engine', message: 'It is not there.', remedy: 'Start it.' },
    ],
    ['no language', { capabilities: { languages: [] } }, {}, { kind: 'check', id: 'languages', message: 'No program could be run.' }],
    [
      'no health report',
      { before: (call) => failIn(call, 'checkHealth') },
      {},
      { kind: 'check', id: 'health', message: 'RUNTIME_MISSING: No image.', remedy: 'Build it.' },
    ],
    ['a provider that does not close', { before: (call) => failIn(call, 'close') }, {}, { kind: 'check', id: 'close' }],
  ])('%s is told as the only failure', async (_, pretence, options, expected) => {
    expect(await failedOf(pretence, options)).toMatchObject([expected]);
  });

  test('tells of a language what the program printed', async () => {
    const change: Pretence['change'] = (result, { code }) =>
      code === LANGUAGE_PROGRAMS.python
        ? {
            ...result,
            status: 'failed',
            stdout: 'a\n',
            stderr: 'b\u001b[31m',
            error: { type: 'ImportError', message: 'no json', traceback: '' },
          }
        : result;
    expect(await failedOf({ change })).toMatchObject([
      { kind: 'language', id: 'python', message: 'The program ended as failed: ImportError: no json.', output: 'a\n\nb\uFFFD[31m' },
    ]);
  });

  test('tells of a limit that nothing stopped the program, and of endless output only the beginning', async () => {
    const change: Pretence['change'] = (result, { code }) =>
      limitOf(code) === 'output' ? { ...result, status: 'completed', error: null, stdout: 'x'.repeat(100_000) } : result;
    const [finding, ...others] = await failedOf({ change });
    expect(finding).toMatchObject({ kind: 'limit', id: 'output', message: 'Nothing stopped the program.' });
    expect(finding?.output).toHaveLength(4000);
    expect(others).toEqual([]);
  });

  test('tells of calls that fail', async () => {
    const before: Pretence['before'] = (call, _, request) => (request?.code === '' ? failIn(call, 'execute') : undefined);
    expect(await failedOf({ before })).toMatchObject([{ kind: 'latency', message: 'RUNTIME_MISSING: No image.', remedy: 'Build it.' }]);
  });

  test('tells of a case what came in the place of what was promised', async () => {
    const change: Pretence['change'] = (result, { code }) =>
      code.includes('=> false') ? ({ ...result, value: 0 } as ExecutionResult) : result;
    expect(await failedOf({ change })).toMatchObject([
      { kind: 'case', id: 'values/false[javascript]', message: 'value: expected false, got 0' },
    ]);
  });

  test('tells of isolation that differs', async () => {
    expect(await failedOf({ isolation: { kind: 'gvisor', measuredBy: 'hope' } })).toMatchObject([
      { kind: 'check', id: 'isolation', message: 'The isolation was measured as gvisor and as runc.' },
    ]);
  });

  test('tells that the time is over', async () => {
    const before: Pretence['before'] = (call) => (call === 'checkHealth' ? new Promise(() => undefined) : undefined);
    expect(await failedOf({ before }, { deadlineMs: 50 })).toMatchObject([{ kind: 'check', id: 'deadline' }]);
  });
});

test.each(['configuration', 'time', 'latency', 'health/report'])('a listener that throws at "%s" ends the preparation', async (where) => {
  const journal = new Journal();
  const told: string[] = [];
  const failure = new Error('the page is gone');
  const preparation = prepareProvider({
    definition: pretendingDefinition(journal),
    config: {},
    configDigest: 'a'.repeat(64),
    cases: CASES,
    onFinding: ({ id }) => {
      told.push(id);
      if (id === where) throw failure;
    },
  });
  await expect(preparation).rejects.toBe(failure);
  expect([told.at(-1), journal.open]).toEqual([where, 0]);
});

function failIn(call: string, where: string): void {
  if (call === where) throw new SandboxError('RUNTIME_MISSING', 'No image.', { suggestion: 'Build it.' });
}
