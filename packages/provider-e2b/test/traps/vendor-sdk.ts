import * as newest from 'e2b';
import * as sdk220 from 'e2b-2.20';
import * as sdk246 from 'e2b-2.46';
import * as sdk250 from 'e2b-2.50';
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

export function sdkOf(version: string): VendorSdk {
  const found = vendorVersions.find((one) => one.version === version);
  if (found === undefined) throw new Error(`e2b ${version} is not installed.`);
  return found.sdk;
}

/** The same, as our provider is given it. */
export const asSource = (sdk: VendorSdk) => (): Promise<E2bSdk> => Promise.resolve(sdk);
