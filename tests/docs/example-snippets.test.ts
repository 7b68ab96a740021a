import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EXAMPLE_PAGES, examplesOf, renderExamples } from '../../tools/docs/example-snippets.mjs';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe.each(EXAMPLE_PAGES)('%s', (page) => {
  test('shows its examples as they are (otherwise: npm run docs)', () => {
    const text = read(page);
    expect(examplesOf(text).length).toBeGreaterThan(0);
    expect(text).toBe(renderExamples(text, read));
  });
});

test('an example that changed is put into the page', () => {
  const page = 'a\n<!-- example: examples/x.mjs -->\n\n```js\nold\n```\nb\n';
  expect(renderExamples(page, () => '// @ts-check\nnew\n')).toBe('a\n<!-- example: examples/x.mjs -->\n\n```js\nnew\n```\nb\n');
  expect(examplesOf(page)).toEqual(['examples/x.mjs']);
});

test('an example without a block is refused', () => {
  expect(() => renderExamples('<!-- example: examples/x.mjs -->\ntext', read)).toThrow('examples/x.mjs');
});
