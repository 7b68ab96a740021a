import { describe, expect, test } from 'vitest';
import { insertLine } from './insert-line.ts';

const like = /^ {2}"(\w+)": 1,?$/;
const insert = (text: string, name: string, order: 'sorted' | 'last' = 'sorted'): string =>
  insertLine('file.json', text, { like, line: `  "${name}": 1`, order, separator: ',' });

describe('a line among others', () => {
  test.each([
    ['a', '{\n  "a": 1,\n  "b": 1,\n  "d": 1\n}\n'],
    ['c', '{\n  "b": 1,\n  "c": 1,\n  "d": 1\n}\n'],
    ['e', '{\n  "b": 1,\n  "d": 1,\n  "e": 1\n}\n'],
  ])('%s is put where it belongs, and nothing else changes', (name, expected) => {
    expect(insert('{\n  "b": 1,\n  "d": 1\n}\n', name)).toBe(expected);
  });

  test('is put behind all where their order is that of people', () => {
    expect(insert('{\n  "b": 1,\n  "d": 1,\n  x\n}\n', 'a', 'last')).toBe('{\n  "b": 1,\n  "d": 1,\n  "a": 1,\n  x\n}\n');
  });

  test('is refused where there are none, or where it is already', () => {
    expect(() => insert('{}', 'a')).toThrow('file.json has no line');
    expect(() => insert('  "a": 1\n', 'a')).toThrow('file.json has this provider already');
  });
});
