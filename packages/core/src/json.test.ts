import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { jsonObjectSchema, jsonValueSchema, MAX_JSON_DEPTH, type JsonValue } from './json.ts';

const cycle: Record<string, unknown> = { name: 'cycle' };
cycle['child'] = { parent: cycle };

/** An array nested so many levels deep. */
function nested(levels: number): unknown {
  let value: unknown = 'core';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

function findingOf(value: unknown): string | undefined {
  const parsed = jsonValueSchema.safeParse(value);
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
}

const shared = { x: 1 };

describe('jsonValueSchema', () => {
  test.each<[string, JsonValue]>([
    ['null', null],
    ['booleans', [true, false]],
    ['numbers', [0, -1.5, 1e300, Number.MAX_SAFE_INTEGER]],
    ['texts', ['', 'é', '\u0000', '\ud83d\ude00']],
    ['nesting', { a: [{ b: { c: [] } }] }],
    ['the same object twice, which is not a cycle', [shared, shared]],
    ['an object without prototype', Object.assign(Object.create(null) as { [key: string]: JsonValue }, { a: 1 })],
    ['an object of another realm', runInNewContext('({ a: [1, { b: 2 }] })') as JsonValue],
    ['a member named __proto__', JSON.parse('{"__proto__": {"a": 1}}') as JsonValue],
    ['the deepest allowed nesting', nested(MAX_JSON_DEPTH) as JsonValue],
  ])('accepts %s unchanged', (_name, value) => {
    expect(jsonValueSchema.parse(value)).toBe(value);
  });

  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'has undefined at "(root)"'],
    ['NaN', { list: [1, Number.NaN] }, 'has NaN at "list.1"'],
    ['Infinity', { far: Number.POSITIVE_INFINITY }, 'has Infinity at "far"'],
    ['a bigint', { big: 1n }, 'has a bigint at "big"'],
    ['a symbol', [Symbol('x')], 'has a symbol at "0"'],
    ['a function', { run: () => 1 }, 'has a function at "run"'],
    ['an undefined member', { missing: undefined }, 'has undefined at "missing"'],
    ['a date', { at: new Date(0) }, 'has a Date at "at"'],
    ['a map', { map: new Map() }, 'has a Map at "map"'],
    ['bytes', { bytes: new Uint8Array(1) }, 'has a Uint8Array at "bytes"'],
    ['a cycle', cycle, 'refers to itself at "child.parent"'],
    ['an array with a gap', { list: Object.assign([], { 1: 'x' }) }, 'has an array with gaps at "list"'],
    ['one level too much', nested(MAX_JSON_DEPTH + 1), `is nested deeper than ${MAX_JSON_DEPTH} levels`],
    ['a nesting that would exhaust the stack', nested(200_000), `is nested deeper than ${MAX_JSON_DEPTH} levels`],
  ])('refuses %s and says where', (_name, value, finding) => {
    expect(findingOf(value)).toBe(finding);
  });
});

describe('jsonObjectSchema', () => {
  test('accepts an object', () => {
    expect(jsonObjectSchema.safeParse({ a: [1] }).success).toBe(true);
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'must be a JSON object, not null'],
    ['an array', [], 'must be a JSON object, not an array'],
    ['a text', '{}', 'must be a JSON object, not a string'],
    ['a map', new Map(), 'must be a JSON object, not a Map'],
    ['an object with something else inside', { a: { b: 1n } }, 'has a bigint at "a.b"'],
  ])('refuses %s', (_name, value, finding) => {
    expect(jsonObjectSchema.safeParse(value).error?.issues[0]?.message).toBe(finding);
  });
});
