import type { HealthCheck } from '@sandport/core';
import { inspectPackages, type VendorPackage } from '../connection/inspect-packages.ts';

/** The first version that the provider takes, and the first beyond. */
const [FROM, UNTIL] = [20, 52];

/** The package of E2B, in the range that the provider declares. */
export const E2B_PACKAGES: readonly VendorPackage[] = [
  {
    name: 'e2b',
    proven: ['2.20.0', '2.46.0', '2.50.0', '2.51.0'],
    isTaken: (version) => {
      const [, minor] = /^2\.(\d+)\.\d+$/.exec(version) ?? [];
      return minor !== undefined && Number(minor) >= FROM && Number(minor) < UNTIL;
    },
    members: ['ConnectionConfig', 'ApiClient', 'Sandbox'],
  },
];

/** Looks at the package of E2B as the provider finds it. */
export function inspectE2bPackages(manifest?: string): HealthCheck[] {
  return inspectPackages(E2B_PACKAGES, { provider: '@sandport/provider-e2b', manifest });
}
