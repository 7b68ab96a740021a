import type { JsonValue } from '@sandport/core';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { CodeRunner } from '../code-runner.ts';
import { createAgentStep } from './agent-step.ts';
import { schemaFromJson } from './json-schema.ts';

declare const runner: CodeRunner;

test('inputs and outputs have the types that their schemas accept', async () => {
  const step = createAgentStep({
    runner,
    code: '',
    inputs: { count: z.number(), label: z.string().optional() },
    outputs: {
      total: z.number(),
      note: z.string().optional(),
      when: z.iso.date().transform((text) => new Date(text)),
      rest: schemaFromJson({}),
    },
  });
  expectTypeOf<Parameters<(typeof step)['run']>[0]>().toEqualTypeOf<{ readonly count: number } & { readonly label?: string }>();
  const outcome = await step.run({ count: 1 });
  if (outcome.status !== 'completed') return;
  expectTypeOf(outcome.outputs.total).toEqualTypeOf<number>();
  expectTypeOf(outcome.outputs.note).toEqualTypeOf<string | undefined>();
  // What the program gave, and not what the schema would make of it.
  expectTypeOf(outcome.outputs.when).toEqualTypeOf<string>();
  expectTypeOf(outcome.outputs.rest).toEqualTypeOf<JsonValue>();
});

test('one schema is for the whole value', async () => {
  const outcome = await createAgentStep({ runner, code: '', inputs: {}, outputs: z.array(z.string()) }).run({});
  if (outcome.status === 'completed') expectTypeOf(outcome.outputs).toEqualTypeOf<string[]>();
});

test('outcomes are told apart by their status', async () => {
  const outcome = await createAgentStep({ runner, code: '', inputs: {}, outputs: { a: z.number() } }).run({});
  switch (outcome.status) {
    case 'completed':
      expectTypeOf(outcome.text).toEqualTypeOf<string>();
      break;
    case 'output-mismatch':
      expectTypeOf(outcome.result.status).toEqualTypeOf<'completed'>();
      break;
    case 'not-completed':
      expectTypeOf(outcome.result.status).toEqualTypeOf<
        'failed' | 'timed-out' | 'out-of-memory' | 'output-limit-exceeded' | 'cancelled' | 'killed'
      >();
      break;
    default:
      expectTypeOf(outcome).toBeNever();
  }
});
