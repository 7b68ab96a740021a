import { expectTypeOf, test } from 'vitest';
import type { JsonValue } from '../json.ts';
import type { CompletedResult, EXECUTION_STATUSES, ExecutionResult, ExecutionStatus, ProgramError } from './execution-result.ts';

/** Compiles only as long as every status has a case. */
function describeStatus(result: ExecutionResult): string {
  switch (result.status) {
    case 'completed':
      return `value ${String(result.valueJson)}`;
    case 'failed':
      return result.error.message;
    case 'timed-out':
    case 'out-of-memory':
    case 'output-limit-exceeded':
    case 'cancelled':
    case 'killed':
      return result.status;
  }
}

test('a switch over the status is exhaustive', () => {
  expectTypeOf(describeStatus).returns.toBeString();
});

test('the list of statuses and the union say the same', () => {
  expectTypeOf<(typeof EXECUTION_STATUSES)[number]>().toEqualTypeOf<ExecutionStatus>();
});

test('only a completed result has a value, and it may be absent', () => {
  expectTypeOf<Extract<ExecutionResult, { status: 'completed' }>>().toEqualTypeOf<CompletedResult>();
  expectTypeOf<CompletedResult['value']>().toEqualTypeOf<JsonValue | undefined>();
  expectTypeOf<Exclude<ExecutionResult, CompletedResult>>().not.toHaveProperty('value');
  expectTypeOf<ExecutionResult>().not.toHaveProperty('value');
});

test('only a failed result has an error', () => {
  expectTypeOf<Extract<ExecutionResult, { error: ProgramError }>['status']>().toEqualTypeOf<'failed'>();
  expectTypeOf<Exclude<ExecutionResult, { status: 'failed' }>['error']>().toEqualTypeOf<null>();
});

test('output, evidence and isolation are on every result', () => {
  expectTypeOf<ExecutionResult['stdout']>().toBeString();
  expectTypeOf<ExecutionResult['exitCode']>().toEqualTypeOf<number | null>();
  expectTypeOf<ExecutionResult['isolation']['kind']>().toEqualTypeOf<'gvisor' | 'runc' | 'wasm' | 'remote'>();
});
