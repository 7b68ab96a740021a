import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPackedRegistry } from '../../tools/registry/packed-registry.mjs';
import { readGuides } from './guide-pages.ts';
import { GuideReader } from './guide-reader.ts';

const guides = readGuides();
const followed = guides.filter(({ steps }) =>
  steps.some((step) => step.kind === 'commands' && step.printed !== undefined && !step.needsEngine),
);

let packed: Awaited<ReturnType<typeof openPackedRegistry>>;
beforeAll(async () => {
  packed = await openPackedRegistry({ signal: new AbortController().signal });
});
afterAll(() => packed.registry.close());

// Each waits a good deal for processes: side by side they take little longer than the longest.
test.concurrent.each(followed)('who follows $page sees what it says', async ({ steps }) => {
  const reader = await GuideReader.create({ environment: packed.environment, hasEngine: false });
  try {
    await reader.follow(steps);
  } finally {
    await reader.remove();
  }
});

test('this, and nothing else, is shown in guides and carried out by no test', () => {
  const leftOut = guides.flatMap(({ page, steps }) =>
    steps.flatMap((step) => (step.kind === 'left-out' ? [`${page}: ${step.firstLine} (${step.reason})`] : [])),
  );
  expect(leftOut).toEqual([
    'README.md: npm install @sandport/cli (the guide for operators has these commands)',
    "README.md: await using sandbox = await client.createSandbox({ language: 'python', idleTimeoutMs: 60_000 }); (a part of the example, which runs as a whole)",
    'docs/getting-started/operator.md: apt-get update (installs packages and a service on the machine)',
    "docs/getting-started/operator.md: { (a file of the machine's own engine)",
    "docs/getting-started/operator.md: systemctl restart docker (restarts the machine's own engine)",
    'docs/getting-started/operator.md: sqlite3 sandport.sqlite ".backup backup.sqlite" (takes the program sqlite3, which not every machine has)',
    'docs/getting-started/provider-author.md: npm create sandport-provider@latest my-cloud (tests/packaging/own-provider.test.ts runs these commands as docs/add-a-provider.md has them)',
    "docs/getting-started/provider-author.md: import { executeCode } from '@sandport/client'; (it needs the package that the commands above have made)",
    'docs/providers/self-managed.md: npx sandport secrets create-key (takes the command besides, which the guide for operators has)',
  ]);
});
