import * as newest from 'e2b';
import * as sdk220 from 'e2b-2.20';
import * as sdk246 from 'e2b-2.46';
import * as sdk250 from 'e2b-2.50';
import type { FakeE2b } from '@sandport/fakes';
import type { E2bSdk } from '../../src/index.ts';

export type VendorSdk = typeof newest;

export interface VendorVersion {
  readonly version: string;
  /** What a user of the SDK calls: the same in all versions, though the types are not. */
  readonly sdk: VendorSdk;
  /** The routes by which it makes and connects sandboxes, and no others. */
  readonly dialect: 'v1' | 'v2';
}

/** The versions that a customer may have installed. */
export const vendorVersions: readonly VendorVersion[] = [
  { version: '2.20.0', sdk: sdk220 as unknown as VendorSdk, dialect: 'v1' },
  { version: '2.46.0', sdk: sdk246 as unknown as VendorSdk, dialect: 'v1' },
  { version: '2.50.0', sdk: sdk250 as unknown as VendorSdk, dialect: 'v1' },
  { version: '2.51.0', sdk: newest, dialect: 'v2' },
];

/** The same, as our provider is given it. */
export const asSource = (sdk: VendorSdk) => (): Promise<E2bSdk> => Promise.resolve(sdk);

export interface Connection {
  readonly apiUrl: string;
  readonly sandboxUrl: string;
  readonly apiKey: string;
  readonly requestTimeoutMs: number;
}

/** A call that hangs without being meant to must not outlast its test. */
const REQUEST_MS = 20_000;

/** What the SDK needs, call by call, to find a fake in place of the service. */
export const connectionTo = ({ url, apiKey }: Pick<FakeE2b, 'url' | 'apiKey'>): Connection => ({
  apiUrl: url,
  sandboxUrl: url,
  apiKey,
  requestTimeoutMs: REQUEST_MS,
});

/** What a promise fails with; fails itself when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Error) return outcome.error;
  throw new Error(`It did not fail: ${JSON.stringify(outcome)}`);
}

/** Whether a promise is still open when others had this long to settle it. */
export async function isOpenAfter(promise: Promise<unknown>, delayMs: number): Promise<boolean> {
  const settled = promise.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, new Promise<boolean>((resolve) => setTimeout(resolve, delayMs, true))]);
}
