import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { prepareProvider, type PreparationOptions, type PreparationStep } from '../src/index.ts';
import { TrialProviders } from '../src/trial-providers.ts';
import { Journal, pretendingDefinition, type PretendedCall, type Pretence } from './pretending-provider.ts';

const CASES = ['lifecycle/description', 'values/false', 'health/report'];

function optionsFor(journal: Journal, pretence: Pretence, options: Partial<PreparationOptions> = {}): PreparationOptions {
  return { definition: pretendingDefinition(journal, pretence), config: {}, configDigest: 'd'.repeat(64), cases: CASES, ...options };
}

/** Does not answer the n-th call of a kind until the provider is closed, and tells when it hangs. */
function hanging(where: PretendedCall, nth: number, onHang: () => void = () => undefined): Pretence {
  let calls = 0;
  let settle: ((error: Error) => void) | undefined;
  return {
    before: (call) => {
      if (call === 'close') settle?.(new SandboxError('SANDBOX_CLOSED', 'The provider was closed.'));
      if (call !== where) return undefined;
      calls += 1;
      if (calls !== nth) return undefined;
      onHang();
      return new Promise<void>((_, reject) => {
        settle = reject;
      });
    },
  };
}

/** Does not even answer then. */
function stuck(where: PretendedCall, nth: number): Pretence {
  let calls = 0;
  return {
    before: (call) => {
      if (call === where) calls += 1;
      return call === where && calls === nth ? new Promise<void>(() => undefined) : undefined;
    },
  };
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome.status === 'rejected' ? outcome.reason : undefined;
}

const plantedVariables = () => Object.keys(process.env).filter((name) => name.startsWith('CONFORMANCE_HOST_'));

/** Where a provider may hang, by the step that it hangs in: 2 languages, 5 limits and 11 calls that do nothing come before the cases. */
const HANGS: readonly (readonly [PreparationStep, PretendedCall, number])[] = [
  ['health', 'checkHealth', 1],
  ['languages', 'createSandbox', 1],
  ['languages', 'execute', 2],
  ['limits', 'execute', 3],
  ['limits', 'destroy', 4],
  ['latency', 'createSandbox', 9],
  ['cases', 'createSandbox', 19],
  ['cases', 'execute', 20],
  ['cases', 'checkHealth', 2],
];

describe('a preparation that is withdrawn', () => {
  test('begins nothing when that was before it began', async () => {
    const journal = new Journal();
    const reason = new Error('not now');
    const error = await errorOf(prepareProvider(optionsFor(journal, {}, { signal: AbortSignal.abort(reason) })));
    expect(SandboxError.isInstance(error) && [error.code, error.providerId, error.cause]).toEqual(['CANCELLED', 'pretending', reason]);
    expect(journal.calls).toEqual([]);
  });

  test.each(HANGS)('throws CANCELLED in the step "%s" while %s (%i) does not answer, and has closed the provider', async (_, call, nth) => {
    const journal = new Journal();
    const controller = new AbortController();
    const pretence = hanging(call, nth, () => controller.abort());
    const error = await errorOf(prepareProvider(optionsFor(journal, pretence, { signal: controller.signal })));
    expect(SandboxError.isInstance(error) && error.code).toBe('CANCELLED');
    expect([journal.open, journal.sandboxes]).toEqual([0, 0]);
    expect(plantedVariables()).toEqual([]);
  });

  test('gives no passport when that was at its very end', async () => {
    const journal = new Journal();
    const controller = new AbortController();
    const onProgress: PreparationOptions['onProgress'] = ({ step }) => {
      if (step === 'close') controller.abort();
    };
    const error = await errorOf(prepareProvider(optionsFor(journal, {}, { signal: controller.signal, onProgress })));
    expect(SandboxError.isInstance(error) && error.code).toBe('CANCELLED');
    expect(journal.open).toBe(0);
  });

  test('leaves nothing at the signal when it is over', async () => {
    const controller = new AbortController();
    const journal = new Journal();
    const passport = await prepareProvider(optionsFor(journal, {}, { signal: controller.signal }));
    controller.abort();
    expect(passport.passed).toBe(true);
  });
});

describe('a preparation that takes too long', () => {
  test.each(HANGS)('did not pass, and names the step "%s" when %s (%i) does not answer', async (step, call, nth) => {
    const journal = new Journal();
    const passport = await prepareProvider(optionsFor(journal, hanging(call, nth), { deadlineMs: 1000 }));
    expect(passport.passed).toBe(false);
    expect(passport.problem).toContain(`The trial did not end within 1 s: it came as far as the step "${step}"`);
    expect([journal.open, journal.sandboxes]).toEqual([0, 0]);
    expect(plantedVariables()).toEqual([]);
  });

  test('keeps what it found until then, and names the part', async () => {
    const passport = await prepareProvider(optionsFor(new Journal(), hanging('execute', 20), { deadlineMs: 1000 }));
    expect(passport).toMatchObject({ languages: ['python', 'javascript'], latency: { count: 10 } });
    expect(passport.cases.map(({ id }) => id)).toEqual(['lifecycle/description', 'values/false[python]']);
    expect(passport.problem).toContain('step "cases" (values/false[javascript])');
  });

  test('gives a case up that does not settle although its provider was closed', async () => {
    const journal = new Journal();
    const passport = await prepareProvider(optionsFor(journal, stuck('execute', 20), { deadlineMs: 1000 }));
    expect(passport.problem).toContain('step "cases" (values/false[javascript])');
    expect([journal.open, plantedVariables()]).toEqual([0, []]);
  });
});

describe('a listener of the progress that throws', () => {
  test.each(['create', 'limits', 'cases', 'close'] as const)('in the step "%s" ends the preparation with what it threw', async (where) => {
    const journal = new Journal();
    const failure = new Error('the page is gone');
    const steps: PreparationStep[] = [];
    const onProgress: PreparationOptions['onProgress'] = ({ step }) => {
      steps.push(step);
      if (step === where) throw failure;
    };
    expect(await errorOf(prepareProvider(optionsFor(journal, {}, { onProgress })))).toBe(failure);
    expect(steps.filter((step) => step === where)).toHaveLength(1);
    expect(journal.open).toBe(0);
  });
});

describe('providers of a trial', () => {
  const providersOf = (pretence: Pretence, closeBoundMs?: number) => {
    const journal = new Journal();
    return { journal, providers: new TrialProviders(pretendingDefinition(journal, pretence), {}, closeBoundMs) };
  };

  test('are given up when they do not close in time', async () => {
    const { providers } = providersOf(stuck('close', 1), 50);
    providers.make();
    expect(await providers.close()).toBe('The provider did not close within 0.05 s.');
  });

  test('are all closed, also when one of them fails', async () => {
    let closed = 0;
    const { journal, providers } = providersOf({
      before: (call) => {
        if (call !== 'close') return;
        closed += 1;
        if (closed === 1) throw new Error('stuck');
      },
    });
    providers.make();
    providers.make();
    expect(await providers.close()).toBe('The provider did not close: Error: stuck.');
    expect([closed, journal.open]).toEqual([2, 1]);
  });

  test('are made no more once they are being closed', async () => {
    const { journal, providers } = providersOf({});
    providers.make();
    const closing = providers.close();
    expect(() => providers.make()).toThrow('The trial is over.');
    expect(await closing).toBeUndefined();
    expect(journal.calls.filter((call) => call === 'create')).toHaveLength(1);
  });
});
