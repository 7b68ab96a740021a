import { expect, test } from 'vitest';
import { linesOf } from './lines-of.ts';

test.each<[string, number | undefined, number | undefined, string]>([
  ['one\ntwo\nthree', undefined, undefined, 'one\ntwo\nthree'],
  ['one\ntwo\nthree', 2, undefined, 'two\nthree'],
  ['one\ntwo\nthree', undefined, 2, 'one\ntwo'],
  ['one\ntwo\nthree', 2, 2, 'two'],
  ['one\ntwo\nthree', 3, 99, 'three'],
  ['one\ntwo\nthree', 4, 99, ''],
  ['one\r\ntwo\r\nthree', 2, 3, 'two\r\nthree'],
  ['one\rtwo', 2, 2, 'two'],
  ['', 1, 1, ''],
])('of %j, from %j to %j', (text, startLine, endLine, lines) => {
  expect(linesOf(text, startLine, endLine)).toBe(lines);
});
