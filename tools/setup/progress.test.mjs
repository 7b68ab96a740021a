// @ts-check
import { expect, test } from 'vitest';
import { splitLines } from './progress.mjs';

test('splitLines hands on whole lines, however the text is cut', () => {
  /** @type {string[]} */
  const lines = [];
  const splitter = splitLines((line) => lines.push(line));
  for (const piece of ['one\ntw', 'o', '\n\nthr', 'ee']) splitter.write(piece);
  expect(lines).toEqual(['one', 'two', '']);
  splitter.end();
  splitter.end();
  expect(lines).toEqual(['one', 'two', '', 'three']);
});
