import { SLOW_CASES } from '@sandport/conformance';
import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { startFakeAgentRun, type FakeAgentRun } from '@sandport/fakes';
import { afterAll, beforeAll } from 'vitest';
import { aliyunProvider } from '../src/index.ts';
import { storedConfig } from './fake-account.ts';

let fake: FakeAgentRun;
beforeAll(async () => {
  fake = await startFakeAgentRun();
});
afterAll(() => fake.close());

// Other tests may run in another process meanwhile.
describeConformance('provider-aliyun', () => createProvider(aliyunProvider, storedConfig(fake)), { only: SLOW_CASES, graceMs: 3000 });
