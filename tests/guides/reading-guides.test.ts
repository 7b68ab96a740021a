import { describe, expect, test } from 'vitest';
import { readGuide } from './guide-steps.ts';
import { isPrinted } from './printed-text.ts';

describe('readGuide', () => {
  test('gives files, commands with what they print, and what is left out', () => {
    const page = [
      '# Guide',
      '<!-- file: hello.mjs -->',
      '',
      '```js',
      'console.log(1);',
      '```',
      'Then:',
      '```sh',
      'node hello.mjs',
      '```',
      'prints',
      '```text',
      '1',
      '```',
      '<!-- not run: it changes the machine -->',
      '```sh',
      'apt-get install x',
      'more',
      '```',
      '<!-- needs: engine -->',
      '<!-- stays up -->',
      '```sh',
      'serve',
      '```',
      '```mermaid',
      'a --> b',
      '```',
    ].join('\n');
    expect(readGuide('a.md', page)).toEqual([
      { kind: 'file', place: 'a.md:4', name: 'hello.mjs', content: 'console.log(1);\n' },
      { kind: 'commands', place: 'a.md:8', script: 'node hello.mjs\n', needsEngine: false, staysUp: false, printed: '1\n' },
      { kind: 'left-out', place: 'a.md:16', reason: 'it changes the machine', firstLine: 'apt-get install x' },
      { kind: 'commands', place: 'a.md:22', script: 'serve\n', needsEngine: true, staysUp: true, printed: undefined },
    ]);
  });

  test.each([
    ['a program that nobody runs', '```js\n1;\n```', 'a.md:1: a block of "js"'],
    ['a block without a language', '```\n1\n```', 'a.md:1: a block of ""'],
    ['a block within a list', '- x\n\n  ```sh\n  a\n  ```', 'a.md:3: a block stands at the beginning'],
    ['output of nothing', '```text\n1\n```', 'a.md:1: what is printed'],
    ['output of a file', '<!-- file: a -->\n```js\n1\n```\n```text\n1\n```', 'a.md:5: what is printed'],
    ['a second output', '```sh\na\n```\n```text\n1\n```\n```text\n2\n```', 'a.md:7: what is printed'],
    ['a mark that is unknown', '<!-- skip: now -->\n```sh\na\n```', 'a.md:1: "skip" is no mark'],
    ['a mark before no block', '<!-- file: a -->\ntext', 'a.md:2: a mark stands'],
    ['nothing run for no reason', '<!-- not run: -->\n```sh\na\n```', 'a.md:2: what is not run'],
    ['a file elsewhere', '<!-- file: ../a -->\n```sh\na\n```', 'a.md:2: a file has a plain name'],
    ['another need', '<!-- needs: root -->\n```sh\na\n```', 'a.md:2: commands can need'],
    ['an open block', '```sh\na', 'a.md: ends within'],
  ])('refuses %s', (_, page, message) => {
    expect(() => readGuide('a.md', page)).toThrow(message);
  });
});

describe('isPrinted', () => {
  test.each([
    ['a\nb\n', 'a\nb\n', true],
    ['\na  \n\n', 'a', true],
    ['a', 'b', false],
    ['a\nb', 'a', false],
    ['a', 'a\nb', false],
    ['made in 1.5 s.', 'made in … s.', true],
    ['made in 1.5 s', 'made in … s.', false],
    ['aba', 'ab…ba', false],
    ['a-1-b-2-c', 'a-…-b-…-c', true],
    ['a\nx\ny\nb', 'a\n…\nb', true],
    ['a\nb', 'a\n…\nb', true],
    ['x\ny', '…', true],
    ['a\nx', '…\nb', false],
    ['a.b', 'a+b', false],
  ])('%j for %j: %s', (printed, said, expected) => {
    expect(isPrinted(printed, said)).toBe(expected);
  });
});
