import { SandboxError, type CompletedResult, type ExecutionResult, type FailedResult } from '@sandport/core';
import type { z } from 'zod';
import { mismatchError, missingValueError } from './value-error.ts';

/** A program that completed and gave what was asked for. */
export type TypedCompletedResult<Schema extends z.ZodType, Result extends CompletedResult = CompletedResult> = Omit<
  Result,
  'value' | 'valueJson'
> & {
  /** What the schema made of the program's value. */
  readonly value: z.output<Schema>;
  /** The program's value as exact JSON text, before the schema. */
  readonly valueJson: string;
};

/** A program that failed by itself. */
export type TypedFailedResult<Result extends FailedResult = FailedResult> = Result & RejectedValue;

/** A program that completed without a value, or with one that does not fit: it has failed with a `ValueSchemaError`. */
export type RejectedResult<Result extends CompletedResult = CompletedResult> = Omit<Result, 'status' | 'error' | 'value' | 'valueJson'> &
  Pick<FailedResult, 'status' | 'error'> &
  RejectedValue;

interface RejectedValue {
  /** JSON text of a value that does not fit. */
  readonly rejectedValueJson?: string;
}

/**
 * What a program did that was asked for a value of a certain shape. Like {@link ExecutionResult} it is a closed union on `status`; whatever else a kind of
 * result carries is kept.
 */
export type TypedResult<Schema extends z.ZodType, Result extends ExecutionResult = ExecutionResult> = Result extends CompletedResult
  ? TypedCompletedResult<Schema, Result> | RejectedResult<Result>
  : Result extends FailedResult
    ? TypedFailedResult<Result>
    : Result;

/**
 * Checks the value of a program that completed. One that fits is what the schema makes of it. A program without a value, or with one that does not fit, has `failed`: that is
 * what it did. Output, artifacts and evidence stay, and a value that does not fit is in `rejectedValueJson`.
 *
 * @throws SandboxError `REQUEST_INVALID` naming `value`, when the schema itself throws. The program has run by then.
 */
export async function withTypedValue<Schema extends z.ZodType, Result extends ExecutionResult>(
  result: Result,
  schema: Schema,
): Promise<TypedResult<Schema, Result>> {
  // What it becomes is what the type says; the compiler cannot see that through a condition on a parameter.
  return (await typed(result, schema)) as TypedResult<Schema, Result>;
}

/**
 * Refuses something that is no schema, before anything is run.
 *
 * @throws SandboxError `REQUEST_INVALID` naming `value`.
 */
export function checkValueSchema(schema: unknown): void {
  if (typeof schema === 'object' && schema !== null && typeof Reflect.get(schema, 'safeParseAsync') === 'function') return;
  throw new SandboxError('REQUEST_INVALID', 'value: must be a schema of zod.', {
    suggestion: 'Correct "value" and call again; nothing was created or run.',
    details: { field: 'value' },
  });
}

async function typed(
  result: ExecutionResult,
  schema: z.ZodType,
): Promise<ExecutionResult | RejectedResult | TypedCompletedResult<z.ZodType>> {
  if (result.status !== 'completed') return result;
  const { value, valueJson, ...rest } = result;
  if (value === undefined) return { ...rest, status: 'failed', error: missingValueError() };
  const json = valueJson ?? JSON.stringify(value);
  const parsed = await parse(schema, value);
  if (parsed.success) return { ...rest, value: parsed.data, valueJson: json };
  return { ...rest, status: 'failed', error: mismatchError(parsed.error.issues), rejectedValueJson: json };
}

async function parse(schema: z.ZodType, value: unknown): Promise<z.ZodSafeParseResult<unknown>> {
  try {
    return await schema.safeParseAsync(value);
  } catch (error) {
    throw new SandboxError('REQUEST_INVALID', 'value: the schema threw an exception when it looked at the value of the program.', {
      operation: 'checkValue',
      suggestion: 'Correct the schema; the program has run, and is not to be run again for that alone.',
      details: { field: 'value' },
      cause: error,
    });
  }
}
