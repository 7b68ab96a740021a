// @ts-check
import { expect, test } from 'vitest';
import { schemaText } from './schema-text.mjs';

/** @import { JsonSchema } from './schema-text.mjs' */

/** @param {string} status @param {Record<string, JsonSchema>} more @returns {JsonSchema} */
const outcome = (status, more = {}) => {
  const common = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`figure${index}`, { type: 'number' }]));
  const properties = { status: { const: status }, ...common, ...more };
  return { type: 'object', properties, required: ['status', ...Object.keys(common)] };
};

test.each(
  /** @type {[string, JsonSchema, string][]} */ ([
    ['anything', {}, 'JSON'],
    ['bytes', { type: 'string', format: 'binary' }, 'bytes'],
    ['a constant', { const: 'v1' }, '"v1"'],
    ['a choice', { enum: ['a', 'b'] }, '"a" | "b"'],
    ['many choices', { enum: Array.from({ length: 13 }, (_, index) => index) }, '0 | 1 | … (13 values)'],
    ['several types', { type: ['string', 'null'] }, 'string | null'],
    ['nothing comes last, and all of them once', { anyOf: [{ type: 'null' }, { type: 'number' }, { type: 'number' }] }, '| number\n| null'],
    ['a list', { type: 'array', items: { type: 'string' } }, 'string[]'],
    ['a list of choices', { type: 'array', items: { enum: ['a', 'b'] } }, '("a" | "b")[]'],
    ['names that are not known', { type: 'object', additionalProperties: { type: 'integer' } }, '{ [name]: integer }'],
    [
      'an object, one member a line',
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'object', properties: { c: { type: 'number' } } } },
        required: ['a'],
      },
      '{\n  a: string;\n  b?: { c?: number };\n}',
    ],
  ]),
)('tells %s', (_what, schema, text) => {
  expect(schemaText(schema)).toBe(text);
});

test('tells a long union of objects as one, with what is not in all of them as optional', () => {
  const text = schemaText({ anyOf: [outcome('completed', { value: {} }), outcome('failed', { error: { type: 'string' } })] });
  expect(text.split('\n')).toHaveLength(2 + 1 + 30 + 2);
  expect(text).toContain('\n  status: "completed" | "failed";\n');
  expect(text).toContain('\n  value?: JSON;\n');
  expect(text).toContain('\n  error?: string;\n');
});
