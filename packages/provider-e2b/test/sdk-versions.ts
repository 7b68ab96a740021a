import type { SdkSource } from '../src/index.ts';
import { installedSdk } from '../src/sdk/e2b-sdk.ts';

/** The versions of the package `e2b` that the suite runs against; the first and the last are the ends of the range that we declare. */
export const SDK_VERSIONS = {
  '2.20': () => import('e2b-2.20'),
  '2.46': () => import('e2b-2.46'),
  '2.50': () => import('e2b-2.50'),
  '2.51': installedSdk,
} as const satisfies Record<string, SdkSource>;
