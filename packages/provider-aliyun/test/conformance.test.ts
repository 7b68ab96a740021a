import { createProvider } from '@sandport/core';
import { CONFORMANCE_CASES } from '@sandport/conformance';
import { describeConformance } from '@sandport/conformance/vitest';
import { startFakeAgentRun, type FakeAgentRun } from '@sandport/fakes';
import { afterAll, beforeAll } from 'vitest';
import { aliyunProvider } from '../src/index.ts';
import { storedConfig } from './fake-account.ts';

const SECRET = 'secret-that-nobody-may-show';

// It runs both languages.
const notApplicable = ['requests/undeclared-python', 'requests/undeclared-javascript'];

/** Cases that need the machine for themselves to be done in their time. */
const HEAVY = [
  'cancellation/',
  'concurrency/',
  'files/stream-large',
  'input/large',
  'lifetimes/',
  'limits/usable-afterwards',
  'output/back-pressure',
  'output/large',
  'output/released',
  'sandboxes/after-cancel',
];
const isHeavy = (id: string): boolean => HEAVY.some((beginning) => id.startsWith(beginning));
const light = CONFORMANCE_CASES.map(({ id }) => id).filter((id) => !isHeavy(id));

let fake: FakeAgentRun;
beforeAll(async () => {
  fake = await startFakeAgentRun({ account: { accessKeySecret: SECRET } });
});
afterAll(() => fake.close());

const open = () => createProvider(aliyunProvider, storedConfig(fake));

describeConformance('provider-aliyun', open, { only: light, notApplicable, plantedSecrets: [SECRET], concurrent: true });
describeConformance('provider-aliyun, one case at a time', open, { only: HEAVY, graceMs: 3000 });
