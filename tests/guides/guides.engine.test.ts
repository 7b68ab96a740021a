import { afterAll, beforeAll, test } from 'vitest';
import { openPackedRegistry } from '../../tools/registry/packed-registry.mjs';
import { readGuides } from './guide-pages.ts';
import { GuideReader } from './guide-reader.ts';

const followed = readGuides().filter(({ steps }) => steps.some((step) => step.kind === 'commands' && step.needsEngine));

let packed: Awaited<ReturnType<typeof openPackedRegistry>>;
beforeAll(async () => {
  packed = await openPackedRegistry({ signal: new AbortController().signal });
});
afterAll(() => packed.registry.close());

test.each(followed)('who follows $page with an engine sees what it says', async ({ steps }) => {
  const reader = await GuideReader.create({ environment: packed.environment, hasEngine: true });
  try {
    await reader.follow(steps);
  } finally {
    await reader.remove();
  }
});
