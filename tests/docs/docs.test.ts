import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../packages/core/src/index.ts';
import { renderErrorsPage } from '../../tools/docs/errors-page.mjs';
import { findDeadLinks } from './markdown-links.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const foreignFolders = new Set(['node_modules', 'dist', '.git', '.turbo', '.cache', 'coverage']);

/** Every Markdown page of the clone, by its path. */
function readPages(below = ''): [string, string][] {
  return readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const relative = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return foreignFolders.has(entry.name) ? [] : readPages(relative);
    return entry.name.endsWith('.md') ? [[relative, readFileSync(path.join(root, relative), 'utf8')]] : [];
  });
}

describe('documentation', () => {
  test('docs/errors.md says what the table of codes says (otherwise: npm run docs)', () => {
    expect(readFileSync(path.join(root, 'docs', 'errors.md'), 'utf8')).toBe(renderErrorsPage(ERROR_CODES));
  });

  test('no link leads nowhere', () => {
    const pages = new Map(readPages());
    expect(pages.size).toBeGreaterThan(0);
    expect(findDeadLinks({ pages, exists: (target) => existsSync(path.join(root, target)) })).toEqual([]);
  });
});
