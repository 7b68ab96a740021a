import { passportSchema, SandboxError, type ExecutionResult, type Passport } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { LIMIT_TRIALS } from '../src/limit-trials.ts';
import { prepareProvider, type PreparationOptions, type PreparationProgress } from '../src/index.ts';
import { LANGUAGE_PROGRAMS } from '../src/steps/try-languages.ts';
import { Journal, PRETENDED_ISOLATION, pretendingDefinition, type Pretence } from './pretending-provider.ts';

const CASES = ['lifecycle/description', 'cancellation/before-creation', 'values/false', 'health/'];
const DIGEST = 'c'.repeat(64);

interface Outcome {
  readonly passport: Passport;
  readonly journal: Journal;
  readonly progress: readonly PreparationProgress[];
}

async function prepare(pretence: Pretence = {}, options: Partial<PreparationOptions> = {}): Promise<Outcome> {
  const journal = new Journal();
  const progress: PreparationProgress[] = [];
  const environment = { ...process.env };
  const passport = await prepareProvider({
    definition: pretendingDefinition(journal, pretence),
    config: {},
    configDigest: DIGEST,
    cases: CASES,
    onProgress: (one) => progress.push(one),
    ...options,
  });
  expect(passportSchema.parse(JSON.parse(JSON.stringify(passport)))).toStrictEqual(passport);
  expect({ ...process.env }).toEqual(environment);
  return { passport, journal, progress };
}

const limitOf = (code: string) => LIMIT_TRIALS.find(({ programs }) => Object.values(programs).includes(code))?.limit;
const completed = (result: ExecutionResult): ExecutionResult => ({ ...result, status: 'completed', error: null });

describe('a provider that keeps its word', () => {
  test('passes, and everything that was measured is in the passport', async () => {
    const { passport, journal } = await prepare({}, { now: () => 1_900_000_000_000.7 });
    expect(passport).toMatchObject({
      formatVersion: 1,
      providerId: 'pretending',
      configDigest: DIGEST,
      madeAtMs: 1_900_000_000_000,
      passed: true,
      isolation: PRETENDED_ISOLATION,
      languages: ['python', 'javascript'],
      network: ['none'],
      latency: { count: 10 },
    });
    expect(passport).not.toHaveProperty('problem');
    expect(passport.limits).toEqual([
      { limit: 'time', value: 1000, held: true, status: 'timed-out' },
      { limit: 'memory', value: 268_435_456, held: true, status: 'out-of-memory' },
      { limit: 'output', value: 65_536, held: true, status: 'output-limit-exceeded' },
      { limit: 'disk', value: 8_388_608, held: true, status: null },
      { limit: 'processes', value: 12, held: true, status: null },
    ]);
    expect(passport.cases.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['lifecycle/description', 'passed'],
      ['values/false[python]', 'passed'],
      ['values/false[javascript]', 'passed'],
      ['cancellation/before-creation', 'passed'],
      ['health/report', 'passed'],
      ['health/no-secrets', 'not-applicable'],
    ]);
    expect([journal.open, journal.sandboxes]).toEqual([0, 0]);
  });

  test('is tried as one object: what it keeps warm is not made twice', async () => {
    const { journal } = await prepare();
    expect(journal.calls.filter((call) => call === 'create')).toHaveLength(1);
  });

  test('is tried only in what it declares', async () => {
    const limits = { memory: false, processes: false, disk: false, cpus: false, openFiles: false };
    const { passport } = await prepare({ capabilities: { languages: ['javascript'], limits } });
    expect(passport).toMatchObject({ passed: true, languages: ['javascript'] });
    expect(passport.limits.map(({ limit }) => limit)).toEqual(['time', 'output']);
    expect(passport.cases.find(({ id }) => id === 'values/false[python]')).toMatchObject({
      outcome: 'not-applicable',
      message: 'the provider does not run python',
    });
  });

  test('is asked for no limit above its maxima', async () => {
    const maxima = { timeoutMs: 400, memoryBytes: 67_108_864, outputBytes: 100, diskBytes: 2_097_152, processes: 9 };
    const { passport } = await prepare({ capabilities: { maxima } });
    expect(passport.limits.map(({ value }) => value)).toEqual([400, 67_108_864, 100, 2_097_152, 9]);
    expect(passport.passed).toBe(true);
  });

  test('passes although its health is degraded', async () => {
    const { passport } = await prepare({ checks: [{ name: 'load', status: 'warning', message: 'It is high.', remedy: 'Lower it.' }] });
    expect(passport.passed).toBe(true);
  });

  test('has its latency measured in whole calls, one at a time', async () => {
    let living = 0;
    let most = 0;
    const before: Pretence['before'] = (call) => {
      if (call === 'createSandbox') living += 1;
      if (call === 'destroy') living -= 1;
      most = Math.max(most, living);
    };
    const { latency } = (await prepare({ before }, { cases: ['lifecycle/description'] })).passport;
    expect(most).toBe(1);
    expect(latency?.p50Ms).toBeLessThanOrEqual(latency?.p95Ms ?? 0);
    expect(latency?.p95Ms).toBeLessThanOrEqual(latency?.maxMs ?? 0);
  });

  test('is followed step by step', async () => {
    const { progress, passport } = await prepare();
    expect([...new Set(progress.map(({ step }) => step))]).toEqual([
      'create',
      'health',
      'languages',
      'limits',
      'latency',
      'cases',
      'close',
    ]);
    for (const step of new Set(progress.map((one) => one.step))) {
      const told = progress.filter((one) => one.step === step);
      expect(told.map(({ done }) => done)).toEqual(told.map((_, index) => index));
      expect(new Set(told.map(({ total }) => total))).toEqual(new Set([told.length - 1]));
    }
    expect(progress.filter(({ step }) => step === 'cases').map(({ message }) => message)).toEqual([
      'Putting the promises of the contract to the test',
      ...passport.cases.map(({ id, outcome }) => `${id}: ${outcome}`),
    ]);
  });
});

describe('a provider that does not', () => {
  test.each<[string, Pretence, Partial<PreparationOptions>, string]>([
    [
      'has a configuration that breaks its schema',
      {},
      { config: { label: 5 } },
      'The step "create" failed: CONFIG_INVALID: label: Invalid input: expected string, received number (configuration of "pretending"). Correct the field "label"',
    ],
    ['has a configuration with an unknown field', {}, { config: { colour: 'red' } }, 'CONFIG_INVALID: colour: is not a known field'],
    ['has no configuration at all', {}, { config: [] as never }, 'CONFIG_INVALID: config: '],
    [
      'is another than its definition says',
      { id: 'imposter' },
      {},
      'The provider calls itself "imposter", and its definition "pretending".',
    ],
    [
      'is unhealthy',
      { checks: [{ name: 'engine', status: 'failed', message: 'It is not there.', remedy: 'Start it.' }] },
      {},
      'The provider is unhealthy. engine: It is not there. Start it.',
    ],
    ['declares no language', { capabilities: { languages: [] } }, {}, 'No program could be run.'],
  ])('%s: the passport says so, and nothing is run', async (_, pretence, options, problem) => {
    const { passport, journal } = await prepare(pretence, options);
    expect(passport).toMatchObject({ passed: false, languages: [], limits: [], latency: null, cases: [] });
    expect(passport.problem).toContain(problem);
    expect(journal.calls).not.toContain('execute');
    expect(journal.open).toBe(0);
  });

  test.each<[string, Pretence, string]>([
    ['create', { before: (call) => throwIn(call, 'create', new Error('no key')) }, 'The step "create" failed: Error: no key'],
    [
      'checkHealth',
      { before: (call) => throwIn(call, 'checkHealth', new TypeError('x is not')) },
      'The step "health" failed: TypeError: x is not',
    ],
    [
      'createSandbox',
      { before: (call) => throwIn(call, 'createSandbox', new SandboxError('RUNTIME_MISSING', 'No image.', { suggestion: 'Build it.' })) },
      'python does not run: RUNTIME_MISSING: No image. Build it. javascript does not run:',
    ],
    ['execute', { before: (call) => throwIn(call, 'execute', 'a text') }, 'python does not run: something that is no error was thrown'],
    ['destroy', { before: (call) => throwIn(call, 'destroy', new Error('stuck')) }, 'python does not run: Error: stuck'],
    ['close', { before: (call) => throwIn(call, 'close', new Error('stuck')) }, 'The provider did not close: Error: stuck'],
  ])('throws in %s: the passport did not pass', async (_, pretence, problem) => {
    const { passport } = await prepare(pretence);
    expect(passport.passed).toBe(false);
    expect(passport.problem).toContain(problem);
  });

  test('runs one language of two: the others are tried all the same', async () => {
    const change: Pretence['change'] = (result, { code }) =>
      code === LANGUAGE_PROGRAMS.python
        ? { ...result, status: 'failed', error: { type: 'ImportError', message: 'no json', traceback: '' } }
        : result;
    const { passport } = await prepare({ change });
    expect(passport).toMatchObject({ passed: false, languages: ['javascript'], latency: { count: 10 } });
    expect(passport.problem).toBe('python does not run: the program ended as failed: ImportError: no json.');
    expect(passport.cases).toHaveLength(6);
  });

  test('gives a value that the program did not return', async () => {
    const change: Pretence['change'] = (result, { code }) =>
      code === LANGUAGE_PROGRAMS.javascript ? ({ ...completed(result), value: ['right', 'left'] } as ExecutionResult) : result;
    const { passport } = await prepare({ change });
    expect(passport).toMatchObject({ passed: false, languages: ['python'] });
    expect(passport.problem).toBe('javascript does not run: the program gave another value than it returned.');
  });

  test.each(LIMIT_TRIALS.map(({ limit }) => limit))('lets the limit of %s pass', async (limit) => {
    const change: Pretence['change'] = (result, { code }) =>
      limitOf(code) === limit ? ({ ...completed(result), value: false } as ExecutionResult) : result;
    const { passport } = await prepare({ change });
    expect(passport.limits.filter(({ held }) => !held)).toMatchObject([{ limit, status: 'completed' }]);
    expect(passport).toMatchObject({ passed: false, problem: `The limit of ${limit} does not hold: nothing stopped the program.` });
  });

  test('ends a program at a limit by something that it cannot prove', async () => {
    const change: Pretence['change'] = (result, { code }) =>
      limitOf(code) === 'memory' ? { ...result, status: 'killed', error: null } : result;
    const { passport } = await prepare({ change });
    expect(passport.limits[1]).toMatchObject({ limit: 'memory', held: false, status: 'killed' });
    expect(passport.problem).toBe('The limit of memory does not hold: the program ended as killed.');
  });

  test.each(['time', 'memory', 'output'])('ends a program at the limit of %s without evidence', async (limit) => {
    const change: Pretence['change'] = (result, { code }) =>
      limitOf(code) === limit ? { ...result, evidence: result.evidence.slice(0, 1) } : result;
    const { passport } = await prepare({ change });
    expect(passport.limits.filter(({ held }) => !held).map((one) => one.limit)).toEqual([limit]);
    expect(passport.problem).toContain(', and no evidence says so.');
  });

  test('refuses a limit that it declares', async () => {
    const before: Pretence['before'] = (call, _, request) => {
      if (call === 'execute' && limitOf(request?.code ?? '') === 'disk') throw new SandboxError('CAPABILITY_UNSUPPORTED', 'Not here.');
    };
    const { passport } = await prepare({ before });
    expect(passport.limits[3]).toMatchObject({ limit: 'disk', held: false, status: null });
    expect(passport.problem).toBe('The limit of disk does not hold: CAPABILITY_UNSUPPORTED: Not here.');
  });

  test('fails some calls that do nothing: the latency is that of the others', async () => {
    let calls = 0;
    const before: Pretence['before'] = (call, _, request) => {
      if (call !== 'execute' || request?.code !== '') return;
      calls += 1;
      if (calls === 5) throw new SandboxError('PROVIDER_UNAVAILABLE', 'Gone.');
    };
    const { passport } = await prepare({ before });
    expect(passport).toMatchObject({ passed: false, latency: { count: 3 } });
    expect(passport.problem).toContain('A call that does nothing failed: PROVIDER_UNAVAILABLE: Gone.');
  });

  test('breaks a promise: the passport names the case and what came', async () => {
    const change: Pretence['change'] = (result, { code }) =>
      code.includes('=> false') ? ({ ...result, value: 0 } as ExecutionResult) : result;
    const { passport } = await prepare({ change });
    expect(passport).toMatchObject({ passed: false, problem: '1 of 6 cases failed: values/false[javascript].' });
    expect(passport.cases[2]).toMatchObject({ id: 'values/false[javascript]', outcome: 'failed', message: 'value: expected false, got 0' });
  });

  test('is isolated otherwise than its health report says: the weaker counts', async () => {
    const { passport } = await prepare({ isolation: { kind: 'gvisor', measuredBy: 'hope' } });
    expect(passport).toMatchObject({ passed: false, isolation: PRETENDED_ISOLATION });
    expect(passport.problem).toContain('The isolation was measured as gvisor and as runc.');
  });

  test('names another isolation in the evidence than in the result', async () => {
    const change: Pretence['change'] = (result) => ({
      ...result,
      evidence: [{ kind: 'isolation', observer: 'host', isolation: 'remote', measuredBy: 'the service' }],
    });
    const { passport } = await prepare({ change });
    expect(passport).toMatchObject({ passed: false, isolation: { kind: 'remote', measuredBy: 'the service' } });
  });

  test('hardens one call less than another: only what all had is on record', async () => {
    const isolation = { ...PRETENDED_ISOLATION, hardening: ['user', 'capabilities', 'resource-limits'] as const };
    const change: Pretence['change'] = (result, { language }) => ({
      ...result,
      isolation: {
        ...PRETENDED_ISOLATION,
        hardening: language === 'python' ? ['user', 'capabilities'] : ['capabilities', 'user', 'runtime-permissions'],
      },
    });
    const { passport } = await prepare({ isolation, change });
    expect(passport).toMatchObject({ passed: true });
    expect(passport.isolation?.hardening?.toSorted()).toEqual(['capabilities', 'user']);
  });

  test('gives what is no result and no report at all', async () => {
    const nothing = { change: () => undefined as never, checks: undefined as never, isolation: { kind: 'magic' } as never };
    const { passport } = await prepare({ ...nothing, change: (result) => ({ ...result, status: 'fine', evidence: [] }) as never });
    expect(passport).toMatchObject({ passed: false, isolation: PRETENDED_ISOLATION, languages: [] });
    expect(passport.problem).toContain('The provider names an isolation that the contract does not know.');
  });
});

function throwIn(call: string, where: string, error: unknown): Promise<void> | void {
  if (call !== where) return;
  // Providers that throw what is no error exist.
  throw error;
}
