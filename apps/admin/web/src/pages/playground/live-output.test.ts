import { expect, test } from 'vitest';
import { MAX_SHOWN_LENGTH, NO_OUTPUT, shownOutput, withPiece } from './live-output.ts';

test('output is shown as it comes', () => {
  expect(withPiece(withPiece(NO_OUTPUT, 'a\n'), 'b')).toEqual({ text: 'a\nb', omittedLength: 0 });
});

test('of more than can be shown, the end is', () => {
  const full = withPiece(NO_OUTPUT, 'x'.repeat(MAX_SHOWN_LENGTH));
  expect(full.omittedLength).toBe(0);
  const more = withPiece(withPiece(full, 'end'), '!');
  expect([more.text.length, more.omittedLength, more.text.slice(-5)]).toEqual([MAX_SHOWN_LENGTH, 4, 'xend!']);
});

test('a character of two halves is not cut', () => {
  const shown = shownOutput(`a👍${'x'.repeat(MAX_SHOWN_LENGTH - 1)}`);
  expect([shown.text.slice(0, 2), shown.omittedLength]).toEqual(['xx', 3]);
});
