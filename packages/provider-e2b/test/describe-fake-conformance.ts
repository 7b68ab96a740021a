import { CONFORMANCE_CASES, QUICK_CASES, SLOW_CASES } from '@sandport/conformance';
import { describeConformance } from '@sandport/conformance/vitest';
import { startFakeE2b, type FakeE2b } from '@sandport/fakes';
import { afterAll, beforeAll } from 'vitest';
import { createE2bProvider, type SdkSource } from '../src/index.ts';
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
const OPTIONS = { plantedSecrets: [SECRET], graceMs: 3000 };

/** Runs the whole suite on the provider through a real SDK against a fake. */
export function describeWholeConformance(name: string, run: FakeConformance): void {
  const create = keepProviders(run);
  describeConformance(name, create, { ...OPTIONS, only: QUICK_CASES, notApplicable: NOT_APPLICABLE, concurrent: true });
  describeConformance(`${name}, slow cases`, create, { ...OPTIONS, only: SLOW_CASES });
}

/** Areas of the contract in which it matters how bytes get in and out, and how a call ends. */
const CARRIED_AREAS: ReadonlySet<string> = new Set([
  'lifecycle',
  'input',
  'output',
  'files',
  'artifacts',
  'cancellation',
  'reconnection',
  'results',
  'health',
]);

/** Runs those cases in which the way into a sandbox matters. What runs there is the same by the other way, by which the whole suite runs. */
export function describeCarriedConformance(name: string, run: FakeConformance): void {
  const only = CONFORMANCE_CASES.filter(({ area }) => CARRIED_AREAS.has(area)).map(({ id }) => id);
  describeConformance(name, keepProviders(run), { ...OPTIONS, only, concurrent: true });
}

/** Areas of the contract in which the SDK and the dialect take part: how sandboxes come, are found and go, and how bytes get in. */
const SDK_AREAS: ReadonlySet<string> = new Set(['lifecycle', 'input', 'reconnection']);

/** Runs those cases in which the SDK and the dialect matter. The others are about what runs in a sandbox, however that was made. */
export function describeSdkConformance(name: string, run: FakeConformance): void {
  const only = CONFORMANCE_CASES.filter(({ id, area }) => SDK_AREAS.has(area) && QUICK_CASES.includes(id)).map(({ id }) => id);
  describeConformance(name, keepProviders(run), { ...OPTIONS, only, concurrent: true });
}

function keepProviders({ dialect, way, sdk }: FakeConformance): () => ReturnType<typeof createE2bProvider> {
  let fake: FakeE2b;
  beforeAll(async () => {
    fake = await startFakeE2b({ apiKey: SECRET, dialects: [dialect] });
  });
  afterAll(() => fake.close());
  return () => createE2bProvider(configOf(fake, { way, maxSandboxes: 60 }), { sdk });
}
