import { createRequire } from 'node:module';
import type { HealthCheck } from '@sandport/core';

/** A package of the vendor that the provider works with. */
interface SdkPackage {
  readonly name: string;
  /** The version that the provider was proven with. */
  readonly version: string;
  /** Classes that the provider takes from it. */
  readonly classes: readonly string[];
}

/** The packages of Alibaba Cloud, in the versions of this release. */
export const SDK_PACKAGES: readonly SdkPackage[] = [
  { name: '@alicloud/openapi-client', version: '0.4.15', classes: ['default', 'Config', 'OpenApiRequest', 'Params'] },
  { name: '@alicloud/tea-util', version: '1.4.9', classes: ['RuntimeOptions'] },
  { name: '@alicloud/credentials', version: '2.4.7', classes: ['default', 'DefaultCredentialsProvider'] },
];

const REMEDY = 'Install Sandport anew, without overrides of the packages @alicloud/….';

/**
 * Looks at the vendor's packages as the provider finds them: whether they are there, their versions, and whether what the provider takes from them is there.
 *
 * @param providerManifest path of the provider's package.json, from which they are looked for
 */
export function inspectSdk(providerManifest = ownProviderManifest()): HealthCheck[] {
  const require = createRequire(providerManifest);
  return SDK_PACKAGES.map((sdkPackage) => inspectPackage(require, sdkPackage));
}

function ownProviderManifest(): string {
  return createRequire(import.meta.url).resolve('@sandport/provider-aliyun/package.json');
}

function inspectPackage(require: NodeJS.Require, { name, version, classes }: SdkPackage): HealthCheck {
  const failed = (message: string): HealthCheck => ({ name: `sdk ${name}`, status: 'failed', message, remedy: REMEDY });
  let installed: unknown;
  let exported: unknown;
  try {
    installed = memberOf(require(`${name}/package.json`), 'version');
    exported = require(name);
  } catch (error) {
    return failed(`It cannot be loaded (${codeOf(error)}).`);
  }
  if (installed !== version) return failed(`Version ${String(installed)} is installed, and the provider was proven with ${version}.`);
  const absent = classes.filter((each) => typeof memberOf(exported, each) !== 'function');
  if (absent.length > 0) return failed(`It lacks ${absent.map(nameOfClass).join(', ')}.`);
  return { name: `sdk ${name}`, status: 'ok', message: `Version ${version} is installed, with ${classes.map(nameOfClass).join(', ')}.` };
}

function nameOfClass(name: string): string {
  return name === 'default' ? 'its main class' : name;
}

function memberOf(value: unknown, name: string): unknown {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? Reflect.get(value, name) : undefined;
}

function codeOf(error: unknown): string {
  const code = memberOf(error, 'code');
  return typeof code === 'string' ? code : error instanceof Error ? error.name : typeof error;
}
