import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wasmProvider } from '@sandport/provider-wasm';
import { openSqliteSettings } from '@sandport/settings';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const snippets = new URL('snippets/', import.meta.url);
const blocks = [...readme.matchAll(/^<!-- snippet:([a-z-]+) -->\n\n```ts\n(.*?)```$/gms)].map(([, name = '', text = '']) => ({
  name,
  text,
}));

describe('the README', () => {
  test('has every program of test/snippets, and no other', () => {
    expect(blocks.map(({ name }) => `${name}.ts`).toSorted()).toEqual(readdirSync(snippets).toSorted());
    expect(readme.match(/^```ts$/gm)).toHaveLength(blocks.length);
  });

  test.each(blocks)('has the very text of $name', ({ name, text }) => {
    expect(text).toBe(readFileSync(new URL(`${name}.ts`, snippets), 'utf8'));
  });
});

describe('its programs', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sandport-agent-'));

  beforeAll(async () => {
    const database = path.join(folder, 'sandport.sqlite');
    vi.stubEnv('SANDPORT_DATABASE', database);
    const settings = openSqliteSettings({ path: database, providers: [wasmProvider] });
    await settings.configurations.change(
      { providerType: 'wasm', providers: { wasm: { config: {} } } },
      { author: 'test', reason: 'the README', base: null },
    );
    await settings.close();
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  /** What a program says in a comment that comes of a line. */
  function promised(name: string): string[] {
    const text = readFileSync(new URL(`${name}.ts`, snippets), 'utf8');
    return [...text.matchAll(/^export const .*; \/\/ (.+)$/gm)].map(([, comment = '']) => comment);
  }

  test.each(blocks.map(({ name }) => name))('%s gives what it says', async (name) => {
    const given = Object.values((await import(`./snippets/${name}.ts`)) as Record<string, unknown>);
    expect(given.map(String).toSorted()).toEqual(promised(name).toSorted());
    expect(given.length).toBeGreaterThan(0);
  });
});
