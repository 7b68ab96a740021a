import type { PackageModel } from './workspace-model.ts';

/** What a package is to the others. The name of its folder decides. */
export type PackageKind =
  | 'core'
  | 'executor-api'
  | 'admin-api'
  | 'http-service'
  | 'kit'
  | 'conformance'
  | 'preparation'
  | 'fakes'
  | 'generator'
  | 'provider'
  | 'providers'
  | 'settings'
  | 'client'
  | 'agent'
  | 'adapter'
  | 'app';

/** The scope of every package's name. */
export const SCOPE = '@sandport/';

/** What `npm create sandport-provider` runs: npm makes its name of the words. */
const GENERATOR = 'create-sandport-provider';

/** The name that a package of a folder has. */
export function packageNameOf(folder: string): string {
  return folder === GENERATOR ? folder : `${SCOPE}${folder}`;
}

/** Kinds of which there is one package, with the kind as its name. */
const NAMED_KINDS: ReadonlySet<string> = new Set<PackageKind>([
  'core',
  'executor-api',
  'admin-api',
  'http-service',
  'conformance',
  'preparation',
  'fakes',
  'providers',
  'settings',
  'client',
  'agent',
]);

/** Packages that put what `agent` has into the types of somebody else's framework. */
const ADAPTERS: ReadonlySet<string> = new Set(['ai-sdk', 'langchain', 'mcp']);

/**
 * Adapters whose framework needs a newer Node than the house, with the versions that they ask of whoever installs them. In the workspace they are held to those of the
 * house, as their `engines` say, and what is published has those of `publishConfig`.
 */
export const NEWER_NODE: Readonly<Record<string, string>> = { 'ai-sdk': '^22.12.0 || >=24.0.0' };

/** Tells a package's kind, or nothing when its folder has none of the names that the house knows. */
export function kindOf(group: PackageModel['group'], folder: string): PackageKind | undefined {
  if (group === 'apps' || folder === 'cli') return 'app';
  if (NAMED_KINDS.has(folder)) return folder as PackageKind;
  if (ADAPTERS.has(folder)) return 'adapter';
  if (folder === 'provider-kit') return 'kit';
  if (folder === GENERATOR) return 'generator';
  return folder.startsWith('provider-') ? 'provider' : undefined;
}

/** The names that follow from a provider's folder: `provider-self-managed` gives `self-managed`, `selfManaged`, `SelfManaged`. */
export function providerNames(folder: string): { kebab: string; camel: string; pascal: string } {
  const kebab = folder.replace(/^provider-/, '');
  const pascal = kebab
    .split('-')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('');
  return { kebab, pascal, camel: pascal.slice(0, 1).toLowerCase() + pascal.slice(1) };
}

/** Whether a file is there for tests only and is not published. */
export function isTestFile(path: string): boolean {
  return path.startsWith('test/') || /\.test(-d)?\.tsx?$/.test(path);
}

/** Whether a file belongs to a package that is to be made: whoever makes it gets what it imports with the package, and not with what made it. */
export function isTemplateFile(path: string): boolean {
  return path.startsWith('template/');
}

/** Whether a file belongs to the page of an app, which is bundled: whoever installs the app gets no package that it imports. */
export function isPageFile(path: string): boolean {
  return path.startsWith('web/');
}

/** The package that an import names: `@sandport/core/x` gives `@sandport/core`. Nothing for files and for Node's own modules. */
export function packageOfSpecifier(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
