import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { newCloudProvider } from '../template/package/src/index.ts';

// The template itself is tried on what its way into a sandbox has a part in. All of the first level is run on a package that was made of it.
describeConformance('the template', () => createProvider(newCloudProvider, { maxSandboxes: 8 }), {
  only: ['lifecycle/', 'files/stream', 'output/large', 'concurrency/', 'health/report'],
  graceMs: 3000,
  concurrent: true,
});
