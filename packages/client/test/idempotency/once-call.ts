import type { ExecutionResult, SandboxError } from '@sandport/core';
import { executeOnce, type ExecuteOnceOptions } from '../../src/idempotency/idempotent-call.ts';
import { EXECUTION_RESULT_CODEC } from '../../src/idempotency/stored-outcome.ts';
import { completedResult } from '../value/sample-result.ts';
import { MemoryIdempotencyStore } from './memory-idempotency-store.ts';

/** Quick enough for a test, and no living owner is ever taken for dead. */
export const QUICK = { pollMinMs: 1, pollMaxMs: 5, beatMs: 5, keepPauseMs: 5 } as const;

/** As {@link QUICK}, and an owner is taken for dead after some looks without a beat. */
export const IMPATIENT = { ...QUICK, beatMs: 5, silenceMs: 40, lookMs: 10 } as const;

type Overrides = Partial<ExecuteOnceOptions<ExecutionResult>>;

/** A store and calls through it, which count how often the program ran. */
export function setUpCalls() {
  const store = new MemoryIdempotencyStore();
  const warnings: SandboxError[] = [];
  const counted = { runs: 0 };
  const call = (overrides: Overrides = {}) => {
    const { run = (started) => runSample(started), ...rest } = overrides;
    return executeOnce<ExecutionResult>({
      store,
      tenant: 'acme',
      key: 'order-1',
      requestDigest: 'digest',
      codec: EXECUTION_RESULT_CODEC,
      warn: (warning) => warnings.push(warning),
      timing: QUICK,
      ...rest,
      run: (started) => {
        counted.runs += 1;
        return run(started);
      },
    });
  };
  return { store, warnings, counted, call };
}

function runSample(started: () => unknown): Promise<ExecutionResult> {
  started();
  return Promise.resolve(completedResult({ answer: 42 }));
}

/** Something to wait for, that a test lets happen. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
