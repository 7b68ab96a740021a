import { describe, expect, test } from 'vitest';
import { errorSchemaOf } from './form-validator.ts';
import { findSchemaProblems } from './schema-problems.ts';

const schema = {
  type: 'object',
  required: ['name', 'endpoint'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 2 },
    endpoint: { type: 'string', pattern: '^https?://' },
    cpus: { type: 'integer', minimum: 1, maximum: 4 },
    mode: { enum: ['a', 'b'] },
    hosts: { type: 'array', maxItems: 2, items: { type: 'string', minLength: 1 } },
    marks: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

describe('problems of data', () => {
  test('are none where it keeps to its schema', () => {
    expect(findSchemaProblems(schema, { name: 'ab', endpoint: 'http://x', cpus: 2, mode: 'a', hosts: ['h'], marks: { a: 'b' } })).toEqual(
      [],
    );
  });

  test.each([
    ['a missing member', { name: 'ab' }, { path: ['endpoint'], keyword: 'required', limit: 'endpoint' }],
    ['a number that is too small', { cpus: 0 }, { path: ['cpus'], keyword: 'minimum', limit: 1 }],
    ['a number that is not whole', { cpus: 1.5 }, { path: ['cpus'], keyword: 'type', limit: 'integer' }],
    ['text in place of a number', { cpus: 'x' }, { path: ['cpus'], keyword: 'type', limit: 'integer' }],
    ['a form that is not kept', { endpoint: 'ftp://x' }, { path: ['endpoint'], keyword: 'pattern', limit: '^https?://' }],
    ['an option that is none', { mode: 'c' }, { path: ['mode'], keyword: 'enum', limit: ['a', 'b'] }],
    ['an entry of a list', { hosts: ['ok', ''] }, { path: ['hosts', '1'], keyword: 'minLength', limit: 1 }],
    ['too many entries', { hosts: ['a', 'b', 'c'] }, { path: ['hosts'], keyword: 'maxItems', limit: 2 }],
    ['a member with a name full of signs', { marks: { 'a/b~c': 1 } }, { path: ['marks', 'a/b~c'], keyword: 'type', limit: 'string' }],
  ])('tell %s with its place', (_title, data, problem) => {
    expect(findSchemaProblems(schema, data)).toContainEqual(problem);
  });

  test('tell every missing member', () => {
    const missing = findSchemaProblems(schema, {}).map(({ path }) => path);
    expect(missing).toEqual([['name'], ['endpoint']]);
  });

  test('tell a member that is not known', () => {
    expect(findSchemaProblems(schema, { name: 'ab', endpoint: 'http://x', nmae: 1 }).map(({ path }) => path)).toContainEqual(['nmae']);
  });
});

test('messages come to their places, whatever the names are', () => {
  const errors = errorSchemaOf([
    { path: ['a', '0'], message: 'one' },
    { path: ['a', '0'], message: 'two' },
    { path: ['__proto__', 'b'], message: 'three' },
  ]);
  expect(errors).toMatchObject({ a: { 0: { __errors: ['one', 'two'] } } });
  expect(Object.keys(errors)).toContain('__proto__');
  expect(({} as Record<string, unknown>)['b']).toBeUndefined();
});
