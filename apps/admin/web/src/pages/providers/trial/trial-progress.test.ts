import { expect, test } from 'vitest';
import { afterEvent, casesOf, countAreas, NO_PROGRESS } from './trial-progress.ts';

const cases = [
  { id: 'a/1', title: 'A', area: 'a', isUsual: true },
  { id: 'b/1', title: 'B', area: 'b', isUsual: false },
  { id: 'a/2', title: 'C', area: 'a', isUsual: false },
];

test('a step is told anew in its place, and the last to begin is the last', () => {
  const first = afterEvent(NO_PROGRESS, { type: 'progress', step: 'health', done: 0, total: 2, message: 'x' });
  const second = afterEvent(first, { type: 'progress', step: 'cases', done: 0, total: 9, message: 'y' });
  const third = afterEvent(second, { type: 'progress', step: 'cases', done: 1, total: 9, message: 'z' });
  expect(third.steps).toEqual([
    { step: 'health', done: 0, total: 2, message: 'x' },
    { step: 'cases', done: 1, total: 9, message: 'z' },
  ]);
  expect(afterEvent(third, { type: 'alive' })).toBe(third);
});

test('the choice becomes what the server takes', () => {
  expect(casesOf({ kind: 'usual' }, cases)).toEqual({});
  expect(casesOf({ kind: 'all' }, cases)).toEqual({ cases: 'all' });
  expect(casesOf({ kind: 'areas', areas: ['a'] }, cases)).toEqual({ cases: ['a/1', 'a/2'] });
  expect(countAreas(cases)).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});
