import type { JsonValue } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkValueSchema, withTypedValue } from '../../src/value/typed-value.ts';
import { failureOf } from '../failure-of.ts';
import { completedResult, endedResult, failedResult } from './sample-result.ts';

const order = z.object({ items: z.array(z.object({ price: z.number(), name: z.string() })), currency: z.enum(['EUR', 'USD']) });
const fitting = { items: [{ price: 1.5, name: 'żółw' }], currency: 'EUR' };

/** The message with which a value is rejected. */
async function messageFor(value: JsonValue, schema: z.ZodType): Promise<string> {
  const result = await withTypedValue(completedResult(value), schema);
  if (result.status !== 'failed') throw new Error('the value was accepted');
  expect([result.error.type, result.error.traceback]).toEqual(['ValueSchemaError', '']);
  return result.error.message;
}

describe('a value that fits', () => {
  test('comes as it is, with its JSON text and everything else', async () => {
    const result = completedResult(fitting);
    expect(await withTypedValue(result, order)).toEqual(result);
  });

  test('is what the schema makes of it, also when that takes its time', async () => {
    const schema = z
      .object({ when: z.string().transform((text) => new Date(text)), unit: z.string().default('m') })
      .refine(async ({ when }) => Promise.resolve(when.getTime() > 0));
    const result = await withTypedValue(completedResult({ when: '2026-01-01T00:00:00Z', extra: 1 }), schema);
    expect(result).toMatchObject({
      status: 'completed',
      value: { when: new Date('2026-01-01T00:00:00Z'), unit: 'm' },
      valueJson: '{"when":"2026-01-01T00:00:00Z","extra":1}',
    });
  });

  test.each([[null], [false], [0], ['']])('may be %j', async (value) => {
    expect(await withTypedValue(completedResult(value), z.unknown())).toMatchObject({ status: 'completed', value });
  });

  test('keeps the digits of a number that JavaScript cannot hold in its text', async () => {
    const result = { ...completedResult(1), value: 12345678901234567000, valueJson: '12345678901234567890' };
    expect(await withTypedValue(result, z.number())).toMatchObject({ valueJson: '12345678901234567890' });
    expect(await withTypedValue(result, z.string())).toMatchObject({ rejectedValueJson: '12345678901234567890' });
  });
});

describe('a value that does not fit', () => {
  test('makes the run a failed one, and nothing is lost', async () => {
    const result = completedResult({ ...fitting, currency: 7 });
    const { value: _, valueJson, ...rest } = result;
    const typed = await withTypedValue(result, order);
    expect(typed).toEqual({
      ...rest,
      status: 'failed',
      error: { type: 'ValueSchemaError', message: 'value.currency: Invalid option: expected one of "EUR"|"USD".', traceback: '' },
      rejectedValueJson: valueJson,
    });
    expect(typed).not.toHaveProperty('value');
  });

  test.each<[string, JsonValue, z.ZodType, string]>([
    [
      'deep inside',
      {
        items: [
          { price: 1, name: '' },
          { price: '2', name: '' },
        ],
        currency: 'EUR',
      },
      order,
      'value.items.1.price: Invalid input: expected number, received string.',
    ],
    ['as a whole', [1], z.string(), 'value: Invalid input: expected string, received array.'],
    ['with an unknown member', { a: 1, b: 2 }, z.strictObject({ a: z.number() }), 'value.b: is not a known member.'],
    [
      'with a bad name',
      { b: 1 },
      z.record(z.string().regex(/^a/), z.number()),
      'value.b: is a name that does not fit (Invalid string: must match pattern /^a/).',
    ],
    [
      'none of the alternatives',
      { a: 'x' },
      z.union([z.string(), z.object({ a: z.number() })]),
      'value: fits none of its alternatives (value: Invalid input: expected string, received object, or value.a: Invalid input: expected number, received string).',
    ],
    [
      'an unknown kind',
      { k: 'c' },
      z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b') })]),
      "value.k: Invalid discriminator value. Expected 'a' | 'b'.",
    ],
    ['by a rule of the caller', 3, z.number().refine((value) => value % 2 === 0, 'must be even.'), 'value: must be even.'],
    [
      'at many places',
      ['a', 'b', 'c', 'd', 'e'],
      z.array(z.null()),
      'value.0: Invalid input: expected null, received string; value.1: Invalid input: expected null, received string; value.2: Invalid input: expected null, received string; and 2 more.',
    ],
  ])('%s is told with its place and what was expected', async (_, value, schema, message) => {
    expect(await messageFor(value, schema)).toBe(message);
  });

  test('is not quoted in the message, and a long name makes no long message', async () => {
    expect(await messageFor({ token: 'sk-very-secret-0815' }, z.object({ token: z.number() }))).not.toContain('sk-very');
    for (const start of ['', 'x']) {
      const message = await messageFor({ [start + '🙂'.repeat(100_000)]: 1 }, z.strictObject({}));
      expect([message.length < 2100, message.isWellFormed()]).toEqual([true, true]);
    }
  });

  test('is none at all: the program is told what it lacks', async () => {
    const result = completedResult();
    const typed = await withTypedValue(result, z.unknown());
    expect(typed).toMatchObject({ status: 'failed', stdout: result.stdout, error: { type: 'ValueSchemaError' } });
    expect(typed).not.toHaveProperty('rejectedValueJson');
  });
});

test.each([
  ['failed', failedResult()],
  ['timed out', endedResult('timed-out')],
  ['was cancelled', endedResult('cancelled')],
  ['was killed', endedResult('killed')],
])('a program that %s is left as it is', async (_, result) => {
  expect(await withTypedValue(result, z.number())).toBe(result);
});

test('what else a result carries is kept', async () => {
  const routed = { ...completedResult('x'), route: ['a'], replayed: true };
  expect(await withTypedValue(routed, z.string())).toMatchObject({ status: 'completed', route: ['a'], replayed: true });
  expect(await withTypedValue(routed, z.number())).toMatchObject({ status: 'failed', route: ['a'], replayed: true });
});

describe('a schema', () => {
  test.each([
    ['throws', () => z.string().transform((text): unknown => JSON.parse(text))],
    ['rejects', () => z.string().refine(async () => Promise.reject(new TypeError('a fault')))],
  ])('that %s is the caller’s mistake', async (_, schema) => {
    const error = await failureOf(withTypedValue(completedResult('{sk-very-secret'), schema()));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'value' }]);
    expect(error.cause).toBeInstanceOf(Error);
    expect(`${error.message} ${error.suggestion}`).not.toContain('sk-very');
  });

  test.each([[undefined], [null], ['string'], [{}], [{ parse: () => 1 }]])('is not %j', async (schema) => {
    const error = await failureOf(() => checkValueSchema(schema));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'value' }]);
  });

  test('of zod is one', () => {
    expect(() => checkValueSchema(z.string())).not.toThrow();
  });
});
