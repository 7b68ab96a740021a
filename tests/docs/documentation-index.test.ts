import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pagesWithoutPlace, renderDocumentationIndex } from '../../tools/docs/documentation-index.mjs';
import { relativeLinks } from './markdown-links.ts';

const folder = fileURLToPath(new URL('../../docs', import.meta.url));
const read = (page: string): string => readFileSync(path.join(folder, page), 'utf8');
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll(path.sep, '/'))
  .filter((name) => name.endsWith('.md') && name !== 'README.md');
const pages = new Map(names.map((name) => [name, read(name)]));

test('every page of docs has a place in the index (otherwise: tools/docs/documentation-index.mjs)', () => {
  expect(pagesWithoutPlace(names)).toEqual([]);
  expect(pagesWithoutPlace(['errors.md', 'adr/0001-a.md', 'lost.md'])).toEqual(['lost.md']);
});

test('docs/README.md is the index of the pages that there are (otherwise: npm run docs)', () => {
  expect(read('README.md')).toBe(renderDocumentationIndex(pages));
});

test('the index leads to every page', () => {
  const linked = new Set(relativeLinks(read('README.md')).map((link) => link.path));
  expect(names.filter((name) => !linked.has(name))).toEqual([]);
});
