import { expect, test } from 'vitest';
import { indentJson } from './indent-json.ts';

test.each([
  null,
  true,
  'a',
  '{[,:"\\]}',
  [],
  {},
  [[], {}, [[]]],
  { a: 1, b: [1, 2, { c: null }], 'd:,': { e: {} } },
  [{ '"': '\\"' }, -1.5e-7, ''],
])('writes %j as JSON.stringify indents it', (value) => {
  expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
});

test('keeps every digit', () => {
  expect(indentJson('[18446744073709551617,1.0,-0.0]')).toBe('[\n  18446744073709551617,\n  1.0,\n  -0.0\n]');
});

test('does not fail over what is no JSON', () => {
  expect(indentJson(']]}{')).toBe('\n]\n]\n}{');
});
