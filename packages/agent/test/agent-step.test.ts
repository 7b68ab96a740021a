import { SandboxError, type ExecutionRequestInput, type ExecutionResult, type JsonValue } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createAgentStep, schemaFromJson, type CodeRunner, type StepSchema } from '../src/index.ts';
import { FULL_CAPABILITIES } from './sample-capabilities.ts';
import { completedWith, endedAs, SAMPLE_FACTS } from './sample-result.ts';

class RecordingRunner implements CodeRunner {
  readonly capabilities = FULL_CAPABILITIES;
  readonly requests: ExecutionRequestInput[] = [];
  readonly #result: ExecutionResult;

  constructor(result: ExecutionResult) {
    this.#result = result;
  }

  async execute(request: ExecutionRequestInput): Promise<ExecutionResult> {
    this.requests.push(request);
    return this.#result;
  }

  createSandbox(): never {
    throw new Error('a step keeps nothing');
  }
}

function outcomeOf<Outputs extends StepSchema>(value: JsonValue, outputs: Outputs) {
  const step = createAgentStep({ runner: new RecordingRunner(completedWith(value)), code: 'x', inputs: {}, outputs });
  return step.run({});
}

describe('outputs', () => {
  test('are named fields of the value, as they are', async () => {
    const outcome = await outcomeOf({ total: 3, names: ['a'], rest: true }, { total: z.number(), names: z.array(z.string()) });
    expect(outcome).toMatchObject({ status: 'completed', text: '{"names":["a"],"rest":true,"total":3}' });
    if (outcome.status !== 'completed') throw new Error(outcome.status);
    expect(outcome.outputs).toEqual({ total: 3, names: ['a'] });
    const total: number = outcome.outputs.total;
    expect(total).toBe(3);
  });

  test('may be the whole value', async () => {
    const outcome = await outcomeOf([1, 2], z.array(z.number()));
    expect(outcome).toMatchObject({ status: 'completed', outputs: [1, 2], text: '[1,2]' });
  });

  test.each<[string, JsonValue, StepSchema, string]>([
    ['a text for a number', { total: '3' }, { total: z.number() }, 'value.total'],
    ['a number for a text', { total: 3 }, { total: z.string() }, 'value.total'],
    ['null for a text', { total: null }, { total: z.string() }, 'value.total'],
    ['zero for a boolean', { total: 0 }, { total: z.boolean() }, 'value.total'],
    ['a missing field', {}, { total: z.number() }, 'value.total'],
    ['something deep', { rows: [{ name: 'a' }, { name: 1 }] }, { rows: z.array(z.object({ name: z.string() })) }, 'value.rows.1.name'],
    ['an array for the fields', [1], { total: z.number() }, 'value'],
    ['null for the fields', null, { total: z.number() }, 'value'],
    ['a text for the fields', 'total', { total: z.number() }, 'value'],
    ['a member of the prototype for a field', {}, { constructor: z.any().refine((given) => given !== undefined) }, 'value.constructor'],
    ['the whole', 'x', z.number(), 'value'],
  ])('are refused with the path: %s', async (_name, value, outputs, path) => {
    const outcome = await outcomeOf(value, outputs);
    if (outcome.status !== 'output-mismatch') throw new Error(outcome.status);
    expect(outcome.problems.map((problem) => problem.path)).toEqual([path]);
    expect(outcome.problems[0]?.message).toBeTruthy();
    expect(outcome.result.status).toBe('completed');
  });

  test('name every part that is wrong', async () => {
    const outcome = await outcomeOf({ a: 1, b: 2, c: 3 }, { a: z.string(), b: z.number(), c: z.string() });
    expect(outcome).toMatchObject({ status: 'output-mismatch', problems: [{ path: 'value.a' }, { path: 'value.c' }] });
  });

  test('are never changed by their schemas: nothing is converted, filled in or dropped', async () => {
    const outcome = await outcomeOf(
      { count: '5', item: { known: 1, extra: 2 }, empty: {} },
      {
        count: z.coerce.number(),
        item: z.object({ known: z.number() }),
        empty: z.object({ size: z.number().default(7) }),
        absent: z.string().optional(),
      },
    );
    expect(outcome).toMatchObject({ status: 'completed', outputs: { count: '5', item: { known: 1, extra: 2 }, empty: {} } });
    if (outcome.status === 'completed') expect(Object.keys(outcome.outputs)).toEqual(['count', 'item', 'empty']);
  });

  test.each<JsonValue>([0, false, ''])('may be %j', async (value) => {
    expect(await outcomeOf({ value }, { value: z.union([z.number(), z.boolean(), z.string()]) })).toMatchObject({
      status: 'completed',
      outputs: { value },
    });
  });

  test('that are null are an empty text, or the word', async () => {
    expect(await outcomeOf(null, z.null())).toMatchObject({ status: 'completed', outputs: null, text: '' });
    const worded = createAgentStep({
      runner: new RecordingRunner(completedWith(null)),
      code: 'x',
      inputs: {},
      outputs: z.null(),
      nullText: 'null',
    });
    expect(await worded.run({})).toMatchObject({ text: 'null' });
  });

  test('are asked for of a program without main', async () => {
    const runner = new RecordingRunner({ ...SAMPLE_FACTS, status: 'completed', error: null, stdout: '{"total": 3}' });
    const outcome = await createAgentStep({ runner, code: 'x', inputs: {}, outputs: { total: z.number() } }).run({});
    expect(outcome).toMatchObject({ status: 'output-mismatch', text: null, problems: [{ path: 'value' }] });
  });

  test('are told of an unbounded number of mistakes in a bounded way', async () => {
    const rows = Array.from({ length: 10_000 }, () => 'x'.repeat(10));
    const outcome = await outcomeOf({ rows }, { rows: z.array(z.number()) });
    if (outcome.status !== 'output-mismatch') throw new Error(outcome.status);
    expect(outcome.problems).toHaveLength(20);
  });

  test('wait for a schema that takes its time, and blame one that throws', async () => {
    expect(
      await outcomeOf(
        1,
        z.number().refine(async () => Promise.resolve(false), 'is not liked'),
      ),
    ).toMatchObject({
      status: 'output-mismatch',
      problems: [{ path: 'value', message: 'is not liked' }],
    });
    const cause = new Error('broken');
    const broken = z.number().refine(() => {
      throw cause;
    });
    await expect(outcomeOf({ a: 1 }, { a: broken })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      details: { field: 'value.a' },
      cause,
    });
  });
});

describe('a program that did not complete', () => {
  test.each([endedAs('timed-out'), endedAs('out-of-memory'), endedAs('killed')])('has no outputs: $status', async (result) => {
    const runner = new RecordingRunner({ ...result, stdout: '{"total": 3}' });
    const outcome = await createAgentStep({ runner, code: 'x', inputs: {}, outputs: { total: z.number() } }).run({});
    expect(outcome).toEqual({ status: 'not-completed', result: { ...result, stdout: '{"total": 3}' }, artifacts: result.artifacts });
  });
});

describe('inputs', () => {
  const inputs = { count: z.number(), label: z.string().optional() };

  test('reach the program as they are', async () => {
    const runner = new RecordingRunner(completedWith(1));
    await createAgentStep({ runner, code: 'x', language: 'js', inputs, outputs: z.number() }).run({ count: 0, label: '' });
    // What nobody wrote is for the runner to choose.
    expect(runner.requests[0]).toMatchObject({ limits: undefined, tenant: undefined });
    expect(runner.requests).toMatchObject([{ arguments: { count: 0, label: '' }, language: 'js' }]);
  });

  test.each<[string, unknown, string]>([
    ['a wrong type', { count: '1' }, 'inputs.count'],
    ['a missing one', {}, 'inputs.count'],
    ['an unknown one', { count: 1, colour: 'red' }, 'inputs.colour'],
    ['no object', 5, 'inputs'],
    ['null', null, 'inputs'],
  ])('are refused before anything runs: %s', async (_name, given, field) => {
    const runner = new RecordingRunner(completedWith(1));
    const step = createAgentStep({ runner, code: 'x', inputs, outputs: z.number() });
    await expect(step.run(given as { count: number })).rejects.toMatchObject({ code: 'REQUEST_INVALID', details: { field } });
    expect(runner.requests).toEqual([]);
  });

  test('must be JSON, whatever their schema says', async () => {
    const runner = new RecordingRunner(completedWith(1));
    const step = createAgentStep({ runner, code: 'x', inputs: { when: z.date() }, outputs: z.number() });
    await expect(step.run({ when: new Date(0) })).rejects.toMatchObject({ code: 'REQUEST_INVALID', details: { field: 'arguments' } });
    expect(runner.requests).toEqual([]);
  });
});

describe('a contract', () => {
  test.each<[string, object, string]>([
    ['no outputs', { outputs: {} }, 'outputs'],
    ['an output that is no schema', { outputs: { total: 'number' } }, 'outputs.total'],
    ['a name that is none', { outputs: { 'a.b': z.number() } }, 'outputs.a.b'],
    ['inputs that are no schemas', { inputs: null }, 'inputs'],
    ['another text for null', { nullText: 'None' }, 'nullText'],
    ['a language that is none', { language: 'bash' }, 'language'],
    ['a limit above the maximum', { limits: { timeoutMs: 600_001 } }, 'limits.timeoutMs'],
  ])('is refused when it has %s', (_name, wrong, field) => {
    const runner = new RecordingRunner(completedWith(1));
    let thrown: unknown;
    try {
      createAgentStep({ runner, code: 'x', inputs: {}, outputs: { total: z.number() }, ...wrong });
    } catch (error) {
      thrown = error;
    }
    expect(SandboxError.isInstance(thrown)).toBe(true);
    expect(thrown).toMatchObject({ details: { field } });
  });

  test('may be stored as JSON Schema', async () => {
    const rows = schemaFromJson({
      type: 'array',
      items: { type: 'object', properties: { n: { type: 'integer', minimum: 0 } }, required: ['n'] },
    });
    expect(await outcomeOf({ rows: [{ n: 1, more: true }] }, { rows })).toMatchObject({
      status: 'completed',
      outputs: { rows: [{ n: 1, more: true }] },
    });
    expect(await outcomeOf({ rows: [{ n: 1 }, { n: -1 }] }, { rows })).toMatchObject({
      status: 'output-mismatch',
      problems: [{ path: 'value.rows.1.n' }],
    });
    expect(await outcomeOf({ rows: '[]' }, { rows })).toMatchObject({ status: 'output-mismatch', problems: [{ path: 'value.rows' }] });
  });

  test('is kept to the letter by JSON Schema, also where it has no type', async () => {
    const total = schemaFromJson({ not: { required: ['b'] }, required: ['a'] });
    expect(await outcomeOf({ total: { a: 1 } }, { total })).toMatchObject({ status: 'completed' });
    expect(await outcomeOf({ total: {} }, { total })).toMatchObject({ status: 'output-mismatch', problems: [{ path: 'value.total' }] });
    expect(await outcomeOf({ total: { a: 1, b: 1 } }, { total })).toMatchObject({ status: 'output-mismatch' });
    const strict = schemaFromJson({ additionalProperties: false });
    expect(await outcomeOf({ total: { 'a/b~c d': 1 } }, { total: strict })).toMatchObject({
      status: 'output-mismatch',
      problems: [{ path: 'value.total' }, { path: 'value.total.a/b~c d' }],
    });
  });

  test.each([{ $ref: 'https://example.com/schema' }, { $ref: '#/nowhere' }, { pattern: '(' }])(
    'is refused as JSON Schema where it is %j',
    (document) => {
      expect(() => schemaFromJson(document)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    },
  );
});
