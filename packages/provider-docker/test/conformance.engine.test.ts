import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { dockerProvider } from '../src/index.ts';

for (const isolation of ['gvisor', 'runc'] as const) {
  describeConformance(`provider-docker under ${isolation}`, async () => createProvider(dockerProvider, { isolation }));
}
