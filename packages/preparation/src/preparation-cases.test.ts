import { selectCases } from '@sandport/conformance';
import { LANGUAGES } from '@sandport/core';
import { expect, test } from 'vitest';
import { PREPARATION_CASES } from './preparation-cases.ts';

test.each(PREPARATION_CASES.map((beginning) => [beginning]))('%s is one case of the suite, or one in each language', (beginning) => {
  const ids = selectCases([beginning]).map(({ id }) => id);
  const inLanguages = LANGUAGES.map((language) => `${beginning}[${language}]`);
  expect([[beginning], inLanguages]).toContainEqual(ids);
});

test('the chosen cases are about every promise that a configuration can break', () => {
  const areas = new Set(selectCases(PREPARATION_CASES).map(({ area }) => area));
  expect([...areas].toSorted()).toEqual(
    ['arguments', 'cancellation', 'environment', 'errors', 'health', 'isolation', 'lifecycle', 'limits', 'output', 'values'].toSorted(),
  );
});
