import type { HealthCheck } from '@sandport/core';
import { inspectPackages, type VendorPackage } from '../connection/inspect-packages.ts';

/** The packages of Alibaba Cloud, in the versions of this release. */
export const ALIYUN_PACKAGES: readonly VendorPackage[] = [
  { name: '@alicloud/openapi-client', proven: ['0.4.15'], members: ['default', 'Config', 'OpenApiRequest', 'Params'] },
  { name: '@alicloud/tea-util', proven: ['1.4.9'], members: ['RuntimeOptions'] },
  { name: '@alicloud/credentials', proven: ['2.4.7'], members: ['default', 'DefaultCredentialsProvider'] },
];

/** Looks at the packages of Alibaba Cloud as the provider finds them. */
export function inspectAliyunPackages(manifest?: string): HealthCheck[] {
  return inspectPackages(ALIYUN_PACKAGES, { provider: '@sandport/provider-aliyun', manifest });
}
