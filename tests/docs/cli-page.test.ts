import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProgram, EXIT_CODE_MEANINGS } from '../../packages/cli/src/index.ts';
import { renderCliPage, renderCliReadme } from '../../tools/docs/cli-page.mjs';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/cli.md says what the command says (otherwise: npm run docs)', () => {
  const page = renderCliPage(createProgram, EXIT_CODE_MEANINGS);
  expect(read('docs/cli.md')).toBe(page);
  expect(page).toContain('\n## `sandport config policy set`\n');
});

test('the README of the command has the exit codes of the command (otherwise: npm run docs)', () => {
  const readme = read('packages/cli/README.md');
  expect(renderCliReadme(readme, EXIT_CODE_MEANINGS)).toBe(readme);
});
