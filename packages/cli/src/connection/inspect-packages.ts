import { createRequire } from 'node:module';
import type { HealthCheck } from '@sandport/core';

/** A package of a vendor that a provider works with. */
export interface VendorPackage {
  readonly name: string;
  /** The versions that the provider was proven with. */
  readonly proven: readonly string[];
  /** Whether another version is one that the provider takes; none other is when this is absent. */
  readonly isTaken?: (version: string) => boolean;
  /** What the provider takes from it, by name. */
  readonly members: readonly string[];
}

/** Where packages are looked for. */
export interface InspectOptions {
  /** Name of the provider's package. */
  readonly provider: string;
  /** Path of its package.json, in place of that of the one that is installed. */
  readonly manifest?: string | undefined;
}

/** Looks at a vendor's packages as a provider finds them: whether they are there, their versions, and whether what the provider takes from them is there. */
export function inspectPackages(packages: readonly VendorPackage[], { provider, manifest }: InspectOptions): HealthCheck[] {
  const require = createRequire(manifest ?? createRequire(import.meta.url).resolve(`${provider}/package.json`));
  return packages.map((vendorPackage) => inspectPackage(require, vendorPackage));
}

function inspectPackage(require: NodeJS.Require, { name, proven, isTaken, members }: VendorPackage): HealthCheck {
  const found = (status: HealthCheck['status'], message: string): HealthCheck => ({
    name: `sdk ${name}`,
    status,
    message,
    ...(status === 'ok' ? {} : { remedy: `Install Sandport anew, without overrides of the package ${name}.` }),
  });
  let installed: unknown;
  let exported: unknown;
  try {
    installed = memberOf(require(`${name}/package.json`), 'version');
    exported = require(name);
  } catch (error) {
    return found('failed', `It cannot be loaded (${codeOf(error)}).`);
  }
  const version = String(installed);
  const isProven = proven.includes(version);
  if (!isProven && isTaken?.(version) !== true) {
    return found('failed', `Version ${version} is installed, and the provider was proven with ${proven.join(', ')}.`);
  }
  const absent = members.filter((each) => typeof memberOf(exported, each) !== 'function');
  if (absent.length > 0) return found('failed', `It lacks ${absent.map(nameOfMember).join(', ')}.`);
  const having = `Version ${version} is installed, with ${members.map(nameOfMember).join(', ')}`;
  return isProven ? found('ok', `${having}.`) : found('warning', `${having}; the provider was proven with ${proven.join(', ')}.`);
}

function nameOfMember(name: string): string {
  return name === 'default' ? 'its main class' : name;
}

function memberOf(value: unknown, name: string): unknown {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? Reflect.get(value, name) : undefined;
}

function codeOf(error: unknown): string {
  const code = memberOf(error, 'code');
  return typeof code === 'string' ? code : error instanceof Error ? error.name : typeof error;
}
