import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { providers } from '../../packages/providers/src/index.ts';
import { newCloudProvider } from '../../packages/create-sandport-provider/template/package/src/index.ts';
import { createProvider, describeConfig } from '../../packages/core/src/index.ts';
import {
  folderOfProvider,
  leastConfig,
  pageOfProvider,
  renderProviderPage,
  renderProviderReadme,
  replaceGenerated,
} from '../../tools/docs/provider-tables.mjs';

const places = [...providers, newCloudProvider].map((definition) => ({
  id: definition.id,
  definition,
  folder: definition === newCloudProvider ? 'create-sandport-provider/template/package' : folderOfProvider(definition.id),
}));

describe.each(places)('the README of provider $id', ({ definition, folder }) => {
  test('has the tables that its schema and capabilities give (otherwise: npm run docs, or by hand in the template, which is not built)', async () => {
    const readme = readFileSync(new URL(`../../packages/${folder}/README.md`, import.meta.url), 'utf8');
    const fields = describeConfig(definition.configSchema);
    await using provider = createProvider(definition, leastConfig(fields));
    const facts = { fields, capabilities: provider.capabilities };
    expect(readme).toBe(renderProviderReadme(readme, facts));
  });
});

// One that is new has its README, and a page when there is more to tell.
const withPages = providers.filter(({ id }) => existsSync(new URL(`../../${pageOfProvider(id)}`, import.meta.url)));

test.each(withPages)(
  'the page of provider $id tells of it, with the fields of its schema where it has them (otherwise: npm run docs)',
  ({ id, configSchema }) => {
    const page = readFileSync(new URL(`../../${pageOfProvider(id)}`, import.meta.url), 'utf8');
    expect(page).toContain(`(../../packages/${folderOfProvider(id)})`);
    expect(page).toBe(renderProviderPage(page, describeConfig(configSchema)));
  },
);

test('each page is that of a provider', () => {
  const pages = readdirSync(new URL('../../docs/providers', import.meta.url)).map((name) => `docs/providers/${name}`);
  expect(withPages.map(({ id }) => pageOfProvider(id)).toSorted()).toEqual(pages.toSorted());
});

test('a page without a place for a table is refused', () => {
  expect(() => replaceGenerated('# Page\n', 'config', 'table')).toThrow('generated:config');
});
