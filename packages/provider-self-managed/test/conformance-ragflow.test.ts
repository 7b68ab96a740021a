import { CONFORMANCE_CASES, runConformance } from '@sandport/conformance';
import { describeConformance } from '@sandport/conformance/vitest';
import { createProvider, type SandboxProvider } from '@sandport/core';
import { startFakeRagflowExecutor, type FakeRagflowExecutor } from '@sandport/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selfManagedProvider } from '../src/index.ts';
import { EXCLUDED_IDS, NOT_APPLICABLE } from './ragflow-exclusions.ts';

const SECRET = 'token-that-nobody-may-show';
const GRACE_MS = 3000;

// The analyzer refuses nearly every program of the suite for an import, an `open` or a sum of numbers: what it does to a call is tested apart.
let fake: FakeRagflowExecutor;

beforeAll(async () => {
  fake = await startFakeRagflowExecutor({ analyzes: false, poolSize: 24, sandboxTimeout: '20s', token: SECRET });
});

afterAll(() => fake.close());

const create = (): SandboxProvider => createProvider(selfManagedProvider, { endpoint: fake.url, token: SECRET, protocol: 'ragflow' });
const excluded: ReadonlySet<string> = new Set(EXCLUDED_IDS);
const only = CONFORMANCE_CASES.map(({ id }) => id).filter((id) => !excluded.has(id));

describeConformance("provider-self-managed at RAGFlow's executor manager", create, {
  only,
  notApplicable: NOT_APPLICABLE,
  plantedSecrets: [SECRET],
  graceMs: GRACE_MS,
  concurrent: true,
});

test('every case that is excluded is one, once', () => {
  const known = new Set(CONFORMANCE_CASES.map(({ id }) => id));
  expect(EXCLUDED_IDS.filter((id) => !known.has(id))).toEqual([]);
  expect(excluded.size).toBe(EXCLUDED_IDS.length);
  // `only` takes beginnings of ids: none of those may let an excluded one in.
  expect(EXCLUDED_IDS.filter((id) => only.some((beginning) => id.startsWith(beginning)))).toEqual([]);
});

test('no case is excluded that would pass', async () => {
  // What isolates programs of the fake depends on the machine.
  const chosen = EXCLUDED_IDS.filter((id) => !id.startsWith('isolation/'));
  const { cases } = await runConformance({ createProvider: create, only: chosen, graceMs: GRACE_MS, concurrency: 6 });
  const passed = cases.filter(({ id, outcome }) => excluded.has(id) && outcome !== 'failed');
  expect(passed.map(({ id, outcome }) => `${id}: ${outcome}`)).toEqual([]);
}, 120_000);
