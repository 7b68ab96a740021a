import { QUICK_CASES } from '@sandport/conformance';
import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { startFakeAgentRun, type FakeAgentRun } from '@sandport/fakes';
import { afterAll, beforeAll } from 'vitest';
import { aliyunProvider } from '../src/index.ts';
import { storedConfig } from './fake-account.ts';

const SECRET = 'secret-that-nobody-may-show';

// It runs both languages.
const notApplicable = ['requests/undeclared-python', 'requests/undeclared-javascript'];

let fake: FakeAgentRun;
beforeAll(async () => {
  fake = await startFakeAgentRun({ account: { accessKeySecret: SECRET } });
});
afterAll(() => fake.close());

describeConformance('provider-aliyun', () => createProvider(aliyunProvider, storedConfig(fake)), {
  only: QUICK_CASES,
  notApplicable,
  plantedSecrets: [SECRET],
  concurrent: true,
  // They crowd each other.
  graceMs: 3000,
});
