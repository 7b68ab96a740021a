import type { JsonValue } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { canonicalText } from './canonical-text.ts';

function parsed(json: string): JsonValue {
  return JSON.parse(json) as JsonValue;
}

describe('canonicalText', () => {
  test.each<[string, JsonValue, string]>([
    ['a string as it is', 'two\n"words"', 'two\n"words"'],
    ['an empty string', '', ''],
    ['a number', 1.5, '1.5'],
    ['zero', 0, '0'],
    ['false', false, 'false'],
    ['null', null, 'null'],
    ['an array', [1, 'a', null, [true]], '[1,"a",null,[true]]'],
    ['an object with its members in order', { b: 1, a: { d: 'ü', c: [] } }, '{"a":{"c":[],"d":"ü"},"b":1}'],
    ['texts that look like numbers', { 1: '2', n: 'n3', s: '"4"\\' }, '{"1":"2","n":"n3","s":"\\"4\\"\\\\"}'],
    ['a key that is special in JavaScript', parsed('{"__proto__":{"z":1}}'), '{"__proto__":{"z":1}}'],
  ])('writes %s', (_name, value, text) => {
    expect(canonicalText(value)).toBe(text);
    expect(canonicalText(value, JSON.stringify(value))).toBe(text);
  });

  test('keeps the digits of numbers that JavaScript cannot hold', () => {
    const json = '{"big":12345678901234567890,"deep":[-9007199254740993],"huge":1e400}';
    expect(canonicalText(parsed(json), json)).toBe(json);
  });

  test('writes one number in one way', () => {
    const json = '[1.0,1e2,0.10,-0.0,5E-1]';
    expect(canonicalText(parsed(json), json)).toBe('[1,100,0.1,0,0.5]');
  });

  test('leaves numbers within strings alone, whatever stands around them', () => {
    const json = '{ "a 1.0" : "1.0 \\\\" , "b" : [ "x\\"2.0" , 2.0 ] }';
    expect(canonicalText(parsed(json), json)).toBe('{"a 1.0":"1.0 \\\\","b":["x\\"2.0",2]}');
  });

  test('has no text for a whole value of null where that is asked for', () => {
    expect(canonicalText(null, 'null', { nullText: '' })).toBe('');
    expect(canonicalText([null], '[null]', { nullText: '' })).toBe('[null]');
  });

  test('is written of strings and numbers of any length', () => {
    const json = JSON.stringify(['\\"1.0\n'.repeat(2_000_000), '\\', '']);
    expect(canonicalText(parsed(json), json) === json).toBe(true);
    expect(canonicalText([1], `[${'9'.repeat(4_000_000)}]`)).toHaveLength(4_000_002);
  });

  test('gives well-formed Unicode', () => {
    expect(canonicalText('a\ud800')).toBe('a\ufffd');
    expect(canonicalText(['\ud800']).isWellFormed()).toBe(true);
  });
});
