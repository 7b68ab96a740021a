import { QUICK_CASES, SLOW_CASES } from '@sandport/conformance';
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

const name = 'provider-self-managed, over HTTP, before Docker under gvisor';
const create = () => createProvider(selfManagedProvider, { endpoint: served.address, token: SECRET });
// Those that go on at one time crowd each other.
const options = { plantedSecrets: [SECRET], graceMs: 3000 };

describeConformance(name, create, { ...options, only: QUICK_CASES, notApplicable, concurrent: true });
describeConformance(`${name}, slow cases`, create, { ...options, only: SLOW_CASES });
