import { describe, expect, test } from 'vitest';
import { cutLine, cutText } from './cut-text.ts';

describe('cutText', () => {
  test('leaves a text alone that fits', () => {
    expect(cutText('x'.repeat(100), 100)).toEqual({ text: 'x'.repeat(100), leftOut: 0 });
  });

  test('keeps beginning and end, and says how much is missing', () => {
    const whole = `BEGIN${'-'.repeat(10_000)}END`;
    const { text, leftOut } = cutText(whole, 400);
    expect(text).toMatch(/^BEGIN-+\n\[… (\d+) characters left out …\]\n-+END$/);
    expect(text).toContain(`[… ${leftOut} characters left out …]`);
    expect(text.replace(/\n\[.*\]\n/, '').length + leftOut).toBe(whole.length);
    expect(text.length).toBeLessThanOrEqual(400);
  });

  test('never splits a character, wherever the cuts fall', () => {
    for (let budget = 100; budget < 112; budget += 1) {
      const { text } = cutText('😀'.repeat(200), budget);
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toContain('\ufffd');
      expect(text.length).toBeLessThanOrEqual(budget);
    }
  });

  test('keeps to its budget for the longest text', () => {
    expect(cutText('x'.repeat(50_000_000), 100).text.length).toBeLessThanOrEqual(100);
  });
});

describe('cutLine', () => {
  test('is one line of at most so many characters', () => {
    expect(cutLine(' two\n\r\twords ', 100)).toBe('two words');
    expect(cutLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(cutLine('😀'.repeat(50), 10).isWellFormed()).toBe(true);
  });
});
