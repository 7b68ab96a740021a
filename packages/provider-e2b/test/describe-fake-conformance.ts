import { CONFORMANCE_CASES } from '@sandport/conformance';
import { describeConformance } from '@sandport/conformance/vitest';
import { startFakeE2b, type FakeE2b } from '@sandport/fakes';
import { afterAll, beforeAll } from 'vitest';
import { createE2bProvider, type SdkSource } from '../src/index.ts';
import { QUICK_CASES, SLOW_CASES } from './conformance-groups.ts';
import { configOf } from './fake-service.ts';

/** What one run of the suite goes through. */
export interface FakeConformance {
  readonly way: 'commands' | 'code-interpreter';
  /** The one that the service speaks; it answers the other as if it were nothing of its own. */
  readonly dialect: 'v1' | 'v2';
  readonly sdk: SdkSource;
}

const SECRET = 'e2b_key-that-nobody-may-show';

// It runs both languages.
const NOT_APPLICABLE = ['requests/undeclared-python', 'requests/undeclared-javascript'];

/** What may be crowded by what runs beside it in this process, or in another. */
const GRACE_MS = 3000;

/** Runs the whole suite on the provider through a real SDK against a fake. */
export function describeWholeConformance(name: string, run: FakeConformance): void {
  const fake = keepFake(run);
  const options = { plantedSecrets: [SECRET], graceMs: GRACE_MS };
  const create = (): ReturnType<typeof createE2bProvider> => providerOf(fake(), run);
  describeConformance(name, create, { ...options, only: QUICK_CASES, notApplicable: NOT_APPLICABLE, concurrent: true });
  describeConformance(`${name}, slow cases`, create, { ...options, only: SLOW_CASES });
}

/** Areas of the contract in which something of the SDK takes part: how sandboxes come and go, and how bytes get in and out. */
const SDK_AREAS: ReadonlySet<string> = new Set(['lifecycle', 'files', 'input', 'output', 'reconnection']);

/** Runs those cases in which the SDK matters. */
export function describeSdkConformance(name: string, run: FakeConformance): void {
  const fake = keepFake(run);
  const only = CONFORMANCE_CASES.filter(({ id, area }) => SDK_AREAS.has(area) && QUICK_CASES.includes(id)).map(({ id }) => id);
  describeConformance(name, () => providerOf(fake(), run), { plantedSecrets: [SECRET], graceMs: GRACE_MS, only, concurrent: true });
}

function keepFake({ dialect }: FakeConformance): () => FakeE2b {
  let fake: FakeE2b;
  beforeAll(async () => {
    fake = await startFakeE2b({ apiKey: SECRET, dialects: [dialect] });
  });
  afterAll(() => fake.close());
  return () => fake;
}

function providerOf(fake: FakeE2b, { way, sdk }: FakeConformance): ReturnType<typeof createE2bProvider> {
  return createE2bProvider(configOf(fake, { way, maxSandboxes: 60 }), { sdk });
}
