import * as newest from 'e2b';
import * as sdk220 from 'e2b-2.20';
import * as sdk246 from 'e2b-2.46';
import * as sdk250 from 'e2b-2.50';
import type { FakeE2b } from '../../src/index.ts';

/** What the vendor's client needs to find the fake in place of the service. */
export interface Connection {
  readonly apiUrl: string;
  readonly sandboxUrl: string;
  readonly apiKey: string;
  readonly requestTimeoutMs: number;
}

/** A request that hangs without being meant to must not outlast its test. */
const REQUEST_MS = 20_000;

export const connectionTo = (fake: Pick<FakeE2b, 'url' | 'apiKey'>, apiKey = fake.apiKey): Connection => ({
  apiUrl: fake.url,
  sandboxUrl: fake.url,
  apiKey,
  requestTimeoutMs: REQUEST_MS,
});

type VendorSdk = typeof newest;

/** The versions that are to be supported. What the tests call is the same in all of them, though their types are not. */
export const vendorSdks: readonly (readonly [string, VendorSdk, 'v1' | 'v2'])[] = [
  ['2.20.0', sdk220 as unknown as VendorSdk, 'v1'],
  ['2.46.0', sdk246 as unknown as VendorSdk, 'v1'],
  ['2.50.0', sdk250 as unknown as VendorSdk, 'v1'],
  ['2.51.0', newest, 'v2'],
];

/** What a promise fails with; fails itself when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Error) return outcome.error;
  throw new Error(`It did not fail: ${JSON.stringify(outcome)}`);
}
