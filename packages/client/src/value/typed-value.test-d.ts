import type { CompletedResult, ExecutionResult, ExecutionStatus, ProgramError } from '@sandport/core';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { withTypedValue, type TypedResult } from './typed-value.ts';

declare const result: ExecutionResult;
declare const routed: ExecutionResult & { readonly route: readonly string[]; readonly replayed: boolean };

const schema = z.object({ total: z.number(), when: z.string().transform((text) => new Date(text)), note: z.string().optional() });
type Value = { total: number; when: Date; note?: string | undefined };

test('a completed result has the output of the schema as its value', async () => {
  const typed = await withTypedValue(result, schema);
  if (typed.status !== 'completed') return;
  expectTypeOf(typed.value).toEqualTypeOf<Value>();
  expectTypeOf(typed.valueJson).toEqualTypeOf<string>();
  expectTypeOf(typed.error).toEqualTypeOf<null>();
});

test('a failed result may have the value that was rejected', async () => {
  const typed = await withTypedValue(result, schema);
  if (typed.status !== 'failed') return;
  expectTypeOf(typed.error.type).toEqualTypeOf<string>();
  expectTypeOf(typed.rejectedValueJson).toEqualTypeOf<string | undefined>();
});

test('any other result has neither', async () => {
  const typed = await withTypedValue(result, schema);
  if (typed.status === 'completed' || typed.status === 'failed') return;
  expectTypeOf(typed).not.toHaveProperty('value');
  expectTypeOf(typed).not.toHaveProperty('rejectedValueJson');
  expectTypeOf(typed.error).toEqualTypeOf<null>();
});

test('the union is as closed as that of results', () => {
  expectTypeOf<TypedResult<typeof schema>['status']>().toEqualTypeOf<ExecutionStatus>();
  expectTypeOf<TypedResult<typeof schema>>().not.toHaveProperty('value');
  expectTypeOf<TypedResult<typeof schema>['stdout']>().toBeString();
});

test('whatever else a kind of result carries stays', async () => {
  const typed = await withTypedValue(routed, schema);
  expectTypeOf(typed.route).toEqualTypeOf<readonly string[]>();
  expectTypeOf(typed.replayed).toEqualTypeOf<boolean>();
  if (typed.status === 'completed') expectTypeOf(typed.value).toEqualTypeOf<Value>();
  if (typed.status === 'failed') expectTypeOf(typed.rejectedValueJson).toEqualTypeOf<string | undefined>();
});

test('a type of its own for each schema', () => {
  expectTypeOf<Extract<TypedResult<z.ZodNumber>, { status: 'completed' }>['value']>().toEqualTypeOf<number>();
  expectTypeOf<Extract<TypedResult<z.ZodUnknown>, { status: 'completed' }>['value']>().toEqualTypeOf<unknown>();
});

test('a completed result may turn out to be a failed one', () => {
  expectTypeOf<TypedResult<z.ZodNumber, CompletedResult>['status']>().toEqualTypeOf<'completed' | 'failed'>();
  expectTypeOf<Extract<TypedResult<z.ZodNumber, CompletedResult>, { status: 'failed' }>['error']>().toEqualTypeOf<ProgramError>();
});

test('asks for a schema', () => {
  // @ts-expect-error a type is no schema
  void withTypedValue(result, { total: 'number' });
  // @ts-expect-error there is no schema
  void withTypedValue(result);
});
