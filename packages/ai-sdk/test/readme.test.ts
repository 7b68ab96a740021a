import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROGRAMS, runProgram } from './snippets.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/^<!-- snippet:([a-z-]+) -->\n\n```ts\n(.*?)```$/gms)].map(([, name = '', text = '']) => ({
  name,
  text,
}));

test('the README has every program of test/snippets, to the letter, and no other', () => {
  expect(blocks.toSorted((left, right) => left.name.localeCompare(right.name))).toEqual(PROGRAMS);
  expect(readme.match(/^```ts$/gm)).toHaveLength(blocks.length);
});

test('its program of the tool gives what it says', async () => {
  const { given, promised } = await runProgram('tool');
  expect(given).toEqual(promised);
  expect(given).not.toEqual([]);
});
