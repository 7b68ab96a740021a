import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the service that docs/add-a-provider.md shows is the one that the conformance suite is run through', () => {
  const shown = /<!-- file: src\/service\/http-service\.ts -->\n\n```ts\n([^`]*(?:`[^`\n]+`[^`]*)*)```/.exec(
    read('docs/add-a-provider.md'),
  )?.[1];
  const tried = read('packages/create-sandport-provider/test/http-service.ts').replace(
    '../template/package/src/service/sandbox-service.ts',
    './sandbox-service.ts',
  );
  expect(shown).toBe(tried);
});
