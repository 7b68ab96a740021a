import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
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

test('the example runs, and shows both answers', async () => {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const example = new URL('../../../examples/ai-sdk/tool.mjs', import.meta.url).pathname;
  await import(example);
  write.mockRestore();
  expect(written.join('')).toBe('{"status":"completed","value":"42","stdout":"3 prices\\n"}\ncompleted in wasm\nThey come to 42.\n');
});
