// @ts-check
import { expect, test } from 'vitest';
import { describeTimes, median } from './compare-times.mjs';

test('the median is the middle, or what lies between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
});

test('the goal is told with the ratio', () => {
  expect(describeTimes('here before', { viewMs: 60, emptyMs: 40 })).toBe(
    'here before: usable after 60 ms, an empty page after 40 ms: 1.50 times, within the goal of 1.5',
  );
  expect(describeTimes('x', { viewMs: 64, emptyMs: 40 })).toContain('1.60 times, above the goal of 1.5');
});
