import { describeConformance } from '@sandport/conformance/vitest';
import { createProvider } from '@sandport/core';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { afterAll, beforeAll } from 'vitest';
import { startExecutorUnderTest, type ExecutorUnderTest } from './executor-under-test.ts';

// It runs both languages.
const notApplicable = ['requests/undeclared-python', 'requests/undeclared-javascript'];

const SECRET = 'spx_token-that-nobody-may-show-at-all';

let served: ExecutorUnderTest;
beforeAll(async () => {
  served = await startExecutorUnderTest({
    config: { provider: { id: 'docker', config: { isolation: 'gvisor' } } },
    tokens: [{ id: 'conformance', text: SECRET }],
  });
});
afterAll(() => served[Symbol.asyncDispose]());

describeConformance(
  'provider-self-managed, over HTTP, before Docker under gvisor',
  () => createProvider(selfManagedProvider, { endpoint: served.address, token: SECRET }),
  { notApplicable, plantedSecrets: [SECRET] },
);
