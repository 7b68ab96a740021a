import { expect, test } from 'vitest';
import { languageOf } from './page-language.ts';

test.each([
  [['zh-CN', 'en'], 'zh'],
  [['ZH'], 'zh'],
  [['de-DE', 'en-GB'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
])('a browser that asks for %j is spoken to in %s', (tags, language) => {
  expect(languageOf(tags)).toBe(language);
});
