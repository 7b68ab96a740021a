import { expect, test } from 'vitest';
import { matchingEntries } from './matching-entries.ts';

const entries = [
  { sequence: 2, atMs: 2, actor: 'Ada', action: 'draft', version: 1, summary: {} },
  { sequence: 1, atMs: 1, actor: 'Grace', action: 'activate', version: 1, summary: {} },
];

test.each([
  [{ actor: ' ', action: null }, [2, 1]],
  [{ actor: 'aD', action: null }, [2]],
  [{ actor: '', action: 'activate' }, [1]],
  [{ actor: 'ada', action: 'activate' }, []],
])('%j takes %j', (wish, sequences) => {
  expect(matchingEntries(entries, wish).map(({ sequence }) => sequence)).toEqual(sequences);
});
