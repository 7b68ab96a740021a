import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = new URL('../../../examples/langchain/', import.meta.url);

test('the README has every example of this package, to the letter, and no other program', () => {
  const blocks = [...readme.matchAll(/^<!-- snippet:([a-z.-]+) -->\n\n```js\n(.*?)```$/gms)].map(([, name = '', text = '']) => ({
    name,
    text,
  }));
  expect(blocks).toEqual(readdirSync(examples).map((name) => ({ name, text: readFileSync(new URL(name, examples), 'utf8') })));
  expect(readme.match(/^```(?:ts|js)$/gm)).toHaveLength(blocks.length);
});

test('its agent prints what it says', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await import(new URL('code-agent.mjs', examples).href);
  vi.restoreAllMocks();
  expect(written.map((line) => readme.includes(`\`${line.trimEnd()}\``))).toEqual([true, true]);
});
