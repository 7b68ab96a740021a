import { expect, test } from 'vitest';
import { readingOf, sayValue } from './field-reading.ts';
import { readJsonText } from './json-position.ts';

test.each([
  [30_000, 'ms', '30 sec'],
  [5_400_000, 'ms', '1 hr 30 min'],
  [86_400_000, 'ms', '1 day'],
  [3_599_999, 'ms', '1 hr'],
  [999, 'ms', undefined],
  [536_870_912, 'bytes', '512 MiB'],
  [1_610_612_736, 'bytes', '1.5 GiB'],
  [1000, 'bytes', undefined],
  [168, 'hours', '7 days'],
  [12, 'hours', undefined],
  [5, null, undefined],
  [-1, 'ms', undefined],
  [Number.NaN, 'bytes', undefined],
] as const)('%d of %s is read as %s', (value, unit, reading) => {
  expect(readingOf(value, unit, 'en')).toBe(reading);
});

test('a value is said with its unit and its reading', () => {
  expect(sayValue(30_000, 'ms', 'en')).toBe('30,000 ms = 30 sec');
  expect(sayValue(7, null, 'en')).toBe('7');
  expect(sayValue(['a'], null, 'en')).toBe('["a"]');
});

test('JSON is read, or told where it is none', () => {
  expect(readJsonText(' {"a": 1} ')).toEqual({ value: { a: 1 } });
  expect(readJsonText('  ')).toEqual({ value: undefined });
  expect(readJsonText('{\n  "a": 1,\n  b\n}')).toMatchObject({ fault: { line: 3, column: 3 } });
  expect(readJsonText('{"a": ')).toMatchObject({ fault: { line: 1 } });
});
