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
  readonly only: readonly string[];
  readonly concurrent?: boolean;
}

const SECRET = 'e2b_key-that-nobody-may-show';

// It runs both languages.
const NOT_APPLICABLE = ['requests/undeclared-python', 'requests/undeclared-javascript'];

/** Runs cases of the suite on the provider through the real SDK against a fake. */
export function describeFakeConformance(name: string, { way, dialect, sdk, only, concurrent = false }: FakeConformance): void {
  let fake: FakeE2b;
  beforeAll(async () => {
    fake = await startFakeE2b({ apiKey: SECRET, dialects: [dialect] });
  });
  afterAll(() => fake.close());
  describeConformance(name, () => createE2bProvider(configOf(fake, { way, maxSandboxes: 60 }), { sdk }), {
    only,
    plantedSecrets: [SECRET],
    // They crowd each other, and other tests may run in another process meanwhile.
    graceMs: 3000,
    ...(concurrent ? { concurrent: true, notApplicable: NOT_APPLICABLE } : {}),
  });
}
