import { describe, expect, test } from 'vitest';
import { plainText } from './plain-text.ts';
import { SecretScrubber } from './secret-scrubber.ts';

const scrubber = new SecretScrubber();
scrubber.add(['the-secret-of-this-test']);

describe('a plain text', () => {
  test.each([
    ['as it is', 'It did not answer.', 'It did not answer.'],
    ['on one line', 'one\n  two\r\n\tthree\u2028four\n', 'one two three four'],
    ['without control characters', '\u001B[31mred\u0007\u0000 \u009Bx', '[31mred x'],
    ['without a stack trace', 'Error: no\n    at run (/srv/app/a.ts:1:2)\n    at main (/srv/app/b.ts:3:4)', 'Error: no'],
    ['with words that only look like one', 'It stopped at noon', 'It stopped at noon'],
    ['without secrets', 'x the-secret-of-this-test y', 'x [redacted] y'],
    ['without half characters', 'a\uD800b', 'a\uFFFDb'],
    ['empty', ' \n ', ''],
  ])('comes %s', (_, text, expected) => {
    expect(plainText(text, scrubber)).toBe(expected);
  });

  test('is cut at 500 characters, and says so', () => {
    expect(plainText('x'.repeat(500), scrubber)).toBe('x'.repeat(500));
    expect(plainText('x'.repeat(501), scrubber)).toBe(`${'x'.repeat(499)}…`);
    expect(plainText(`${'x'.repeat(498)}🙂🙂`, scrubber)).toBe(`${'x'.repeat(498)}\uFFFD…`);
  });

  test('is cut after secrets were taken out, so that no part of one is left', () => {
    expect(plainText(`${'x'.repeat(480)} the-secret-of-this-test`, scrubber)).toBe(`${'x'.repeat(480)} [redacted]`);
    expect(plainText(`${'x'.repeat(495)} the-secret-of-this-test`, scrubber)).not.toContain('the');
  });

  test('is made of an endless one in bounded time', () => {
    expect(plainText('the-secret-of-this-test'.repeat(100_000), scrubber)).toBe('[redacted]');
  });
});
