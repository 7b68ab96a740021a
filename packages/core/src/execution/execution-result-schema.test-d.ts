import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { Evidence } from './evidence.ts';
import type { executionResultSchema } from './execution-result-schema.ts';
import type { CompletedResult, ExecutionResult, ExecutionStatus } from './execution-result.ts';

type Decoded = z.output<typeof executionResultSchema>;

/**
 * The same type without `readonly`, and with members that may be absent as members: a schema cannot tell "absent" from "undefined", and gives
 * arrays that may be changed.
 */
type Plain<Type> = Type extends string | number | boolean | null
  ? Type
  : Type extends Uint8Array
    ? Uint8Array
    : Type extends readonly (infer Member)[]
      ? Plain<Member>[]
      : { -readonly [Name in keyof Type]-?: Plain<Exclude<Type[Name], undefined>> };

/** One member of the union, without its value, which may be anything. */
type With<Union extends { status: string }, Status extends string> = Plain<Omit<Extract<Union, { status: Status }>, 'value'>>;

/** Whether two types are the same, so that a table of statuses can be made of the answers. */
type Same<Left, Right> =
  (<Probe>() => Probe extends Left ? 1 : 2) extends <Probe>() => Probe extends Right ? 1 : 2 ? 'same' : { left: Left; right: Right };

type Agreement = { [Status in ExecutionStatus]: Same<With<Decoded, Status>, With<ExecutionResult, Status>> };

test('the schema and the contract know the same statuses', () => {
  expectTypeOf<Decoded['status']>().toEqualTypeOf<ExecutionStatus>();
});

test('the schema gives what the contract says, status by status', () => {
  expectTypeOf<Agreement>().toEqualTypeOf<{ [Status in ExecutionStatus]: 'same' }>();
});

test('the schema gives the same value', () => {
  expectTypeOf<Extract<Decoded, { status: 'completed' }>['value']>().toEqualTypeOf<CompletedResult['value']>();
});

test('the schema knows every kind of evidence, with all of its members', () => {
  type DecodedEvidence = Decoded['evidence'][number];
  expectTypeOf<DecodedEvidence['kind']>().toEqualTypeOf<Evidence['kind']>();
  type EvidenceAgreement = {
    [Kind in Evidence['kind']]: Same<Plain<Extract<DecodedEvidence, { kind: Kind }>>, Plain<Extract<Evidence, { kind: Kind }>>>;
  };
  expectTypeOf<EvidenceAgreement>().toEqualTypeOf<{ [Kind in Evidence['kind']]: 'same' }>();
});

test('the comparison finds a member that one side lacks', () => {
  expectTypeOf<Same<Plain<{ a?: 1 }>, Plain<{ readonly a?: 1 | undefined }>>>().toEqualTypeOf<'same'>();
  expectTypeOf<Same<Plain<{ a: 1 }>, Plain<{ a: 1; b: 2 }>>>().not.toEqualTypeOf<'same'>();
  expectTypeOf<Same<Plain<{ a: 'x' | 'y' }>, Plain<{ a: 'x' }>>>().not.toEqualTypeOf<'same'>();
});
