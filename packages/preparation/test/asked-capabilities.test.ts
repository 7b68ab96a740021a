import { SandboxError, type ExecutionResult, type Passport } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { prepareProvider, type TrialFinding } from '../src/index.ts';
import { LIMIT_TRIALS } from '../src/limit-trials.ts';
import { Journal, pretendingDefinition, type Pretence } from './pretending-provider.ts';

const WITHOUT_PROCESSES = { memory: true, processes: false, disk: true, cpus: false, openFiles: false };
const UNREACHABLE = new SandboxError('PROVIDER_UNAVAILABLE', 'Nobody answers.');

async function prepare(pretence: Pretence): Promise<{ passport: Passport; journal: Journal; findings: TrialFinding[] }> {
  const journal = new Journal();
  const findings: TrialFinding[] = [];
  const passport = await prepareProvider({
    definition: pretendingDefinition(journal, pretence),
    config: {},
    configDigest: 'd'.repeat(64),
    cases: ['lifecycle/description', 'limits/processes[python]', 'values/false'],
    onFinding: (finding) => findings.push(finding),
  });
  return { passport, journal, findings };
}

const outcomesOf = ({ cases }: Passport): Record<string, string> => Object.fromEntries(cases.map(({ id, outcome }) => [id, outcome]));

/** As where what stands behind a provider enforces no limit of processes. */
function unlimited(result: ExecutionResult, code: string): ExecutionResult {
  const trial = LIMIT_TRIALS.find(({ limit }) => limit === 'processes');
  const isTried = Object.values(trial?.programs ?? {}).includes(code);
  return isTried ? { ...result, status: 'completed', value: false, error: null } : result;
}

describe('a provider that says what it can do when it is asked', () => {
  test('is not tried in a limit that it says is not kept', async () => {
    const { passport, findings } = await prepare({
      told: () => Promise.resolve({ limits: WITHOUT_PROCESSES }),
      change: (result, { code }) => unlimited(result, code),
    });
    expect(passport.limits.map(({ limit }) => limit)).toEqual(['time', 'memory', 'output', 'disk']);
    expect(findings.find(({ kind, id }) => kind === 'limit' && id === 'processes')).toMatchObject({
      outcome: 'not-applicable',
      message: 'The provider does not declare it.',
    });
  });

  test('must refuse that limit: one that takes it fails', async () => {
    const { passport, findings } = await prepare({ told: () => Promise.resolve({ limits: WITHOUT_PROCESSES }) });
    expect(passport.passed).toBe(false);
    expect(findings.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)).toEqual(['limits/processes[python]']);
  });

  test('fails in a limit that it says is kept, and that does not hold', async () => {
    const { passport } = await prepare({ told: () => Promise.resolve({}), change: (result, { code }) => unlimited(result, code) });
    expect(passport.passed).toBe(false);
    expect(passport.limits.at(-1)).toEqual({ limit: 'processes', value: 12, held: false, status: 'completed' });
    expect(passport.problem).toContain('The limit of processes does not hold: nothing stopped the program.');
  });

  test('is tried in the languages that it names, and its passport tells the networks that it names', async () => {
    const { passport } = await prepare({ told: () => Promise.resolve({ languages: ['javascript'], subprocesses: false, network: [] }) });
    expect(passport).toMatchObject({ languages: ['javascript'], network: [] });
    expect(outcomesOf(passport)).toMatchObject({
      'values/false[python]': 'not-applicable',
      'values/false[javascript]': 'passed',
      'limits/processes[python]': 'not-applicable',
    });
  });

  test('fails when it says more than it declares', async () => {
    const { passport } = await prepare({ told: () => Promise.resolve({ stdin: true }) });
    expect(outcomesOf(passport)).toMatchObject({ 'lifecycle/description': 'failed' });
    expect(passport.passed).toBe(false);
  });

  test('fails with its reason when it cannot be asked, and is closed', async () => {
    const { passport, journal } = await prepare({ told: () => Promise.reject(UNREACHABLE) });
    expect(passport).toMatchObject({ passed: false, languages: [], limits: [], cases: [] });
    expect(passport.problem).toContain('Nobody answers.');
    expect([journal.open, journal.sandboxes]).toEqual([0, 0]);
  });
});
