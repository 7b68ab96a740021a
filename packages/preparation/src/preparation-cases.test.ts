import { selectCases } from '@sandport/conformance';
import { LANGUAGES } from '@sandport/core';
import { expect, test } from 'vitest';
import { PREPARATION_CASES } from './preparation-cases.ts';

test.each(PREPARATION_CASES.map((beginning) => [beginning]))('%s is a case of the suite, once or in each language', (beginning) => {
  const cases = selectCases([beginning]);
  const languages = cases.flatMap((one) => (one.id.endsWith(']') ? one.languages : []));
  expect(cases.length).toBeGreaterThan(0);
  expect(languages.length === 0 || languages.length === LANGUAGES.length).toBe(true);
});

test('the chosen cases are about every promise that a configuration can break', () => {
  const areas = new Set(selectCases(PREPARATION_CASES).map(({ area }) => area));
  expect([...areas].toSorted()).toEqual(
    ['arguments', 'cancellation', 'environment', 'errors', 'health', 'isolation', 'lifecycle', 'limits', 'output', 'values'].toSorted(),
  );
});
