import { SandboxError, type ExecutionResult } from '@sandport/core';
import { decideVerdict, type RunFacts, type Verdict } from '@sandport/provider-kit';
import { HONEST, type PrintedText } from '../unisolated/habits.ts';
import type { FaultyProviders } from './faulty-provider.ts';

/** Lies about how a program ended. */
export const VERDICT_LIES: FaultyProviders = {
  'ignores-timeout': {
    habits: { endsProgramOn: { ...HONEST.endsProgramOn, timeout: false } },
    fails: [
      'concurrency/failing-neighbour',
      'limits/busy-loop',
      'limits/children',
      'limits/sleeper',
      'limits/stubborn',
      'limits/usable-afterwards',
      'results/evidence',
    ],
  },
  'guesses-timeout-from-exit-code-124': {
    habits: { decide: (facts) => (facts.exit?.exitCode === 124 ? { status: 'timed-out', error: null } : decideVerdict(facts)) },
    fails: ['errors/exit-code-124'],
  },
  'guesses-out-of-memory-from-137': { habits: { decide: guessOutOfMemory }, fails: ['errors/exit-code-137', 'errors/sigkill'] },
  'reads-stderr-for-verdict': {
    habits: { decide: readStderr },
    fails: ['errors/memory-error-raised', 'errors/words-of-failure', 'errors/words-of-success'],
  },
  'swallows-program-errors': {
    habits: { decide: completeAnyway },
    fails: [
      'artifacts/failed-program',
      'concurrency/failing-neighbour',
      'errors/asynchronous',
      'errors/at-load',
      'errors/exception',
      'errors/exit-code-124',
      'errors/exit-code-137',
      'errors/exit-code-3',
      'errors/exit-text',
      'errors/main-not-callable',
      'errors/memory-error-raised',
      'errors/output-kept',
      'errors/own-class',
      'errors/recursion',
      'errors/sigabrt',
      'errors/sigsegv',
      'errors/syntax',
      'errors/thrown-text',
      'errors/unhandled-rejection',
      'errors/words-of-failure',
      'errors/wrong-arguments',
      'programs/runs-once',
      'results/evidence',
      'values/collection',
      'values/cycle',
      'values/date',
      'values/function',
      'values/infinity',
      'values/nan',
      'values/too-deep',
      'values/too-large',
    ],
  },
  'throws-program-errors': {
    habits: { finish: throwFailure },
    fails: [
      'artifacts/failed-program',
      'concurrency/failing-neighbour',
      'errors/asynchronous',
      'errors/at-load',
      'errors/exception',
      'errors/exit-code-124',
      'errors/exit-code-137',
      'errors/exit-code-3',
      'errors/exit-text',
      'errors/main-not-callable',
      'errors/memory-error-raised',
      'errors/output-kept',
      'errors/own-class',
      'errors/recursion',
      'errors/sigabrt',
      'errors/sigsegv',
      'errors/syntax',
      'errors/thrown-text',
      'errors/unhandled-rejection',
      'errors/words-of-failure',
      'errors/wrong-arguments',
      'programs/runs-once',
      'results/clock',
      'results/evidence',
      'results/identity',
      'values/collection',
      'values/cycle',
      'values/date',
      'values/function',
      'values/infinity',
      'values/nan',
      'values/too-deep',
      'values/too-large',
    ],
  },
  'calls-every-signal-a-kill': {
    habits: { decide: killBySignal },
    fails: ['concurrency/failing-neighbour', 'errors/sigabrt', 'errors/sigsegv'],
  },
  'no-evidence': {
    habits: { evidenceOf: () => [] },
    fails: [
      'cancellation/while-running',
      'errors/sigkill',
      'limits/busy-loop',
      'limits/children',
      'limits/sleeper',
      'limits/stubborn',
      'output/limit-stderr',
      'output/limit-stdout',
      'results/evidence',
    ],
  },
  'claims-isolation': {
    habits: { finish: (result) => ({ ...result, isolation: { kind: 'gvisor', measuredBy: 'configuration' } }) },
    fails: ['isolation/as-measured'],
  },
};

function guessOutOfMemory(facts: RunFacts): Verdict {
  const verdict = decideVerdict(facts);
  const looksKilled = facts.exit?.exitCode === 137 || verdict.status === 'killed';
  return looksKilled ? { status: 'out-of-memory', error: null } : verdict;
}

function readStderr(facts: RunFacts, { stderr }: PrintedText): Verdict {
  if (stderr.includes('MemoryError') || stderr.includes('allocation failed')) return { status: 'out-of-memory', error: null };
  if (stderr.includes('Permission denied')) return { status: 'killed', error: null };
  return decideVerdict(facts);
}

function completeAnyway(facts: RunFacts): Verdict {
  const verdict = decideVerdict(facts);
  return verdict.status === 'failed' ? { status: 'completed', error: null, value: null, valueJson: 'null' } : verdict;
}

function killBySignal(facts: RunFacts): Verdict {
  const verdict = decideVerdict(facts);
  return verdict.status === 'failed' && facts.exit?.signal !== null ? { status: 'killed', error: null } : verdict;
}

function throwFailure(result: ExecutionResult): ExecutionResult {
  if (result.status !== 'failed') return result;
  throw new SandboxError('PROVIDER_UNAVAILABLE', result.error.message);
}
