import path from 'node:path';
import type { CreatedProvider } from './created-provider.ts';
import { publishedRanges, withRanges, type DependencyRanges } from './dependency-ranges.ts';
import { parseProviderName } from './provider-name.ts';
import { readTemplate } from './read-template.ts';
import { checkFree, writePackage } from './write-package.ts';

/** A package that stands by itself. */
export interface StandaloneOptions {
  readonly name: string;
  /** Where it shall be. @default `sandport-provider-NAME` in the current folder */
  readonly folder?: string | undefined;
  /** Versions of what it depends on. @default what this package was published with */
  readonly ranges?: DependencyRanges | undefined;
}

/**
 * Makes a provider package outside of the repository, whole or not at all.
 *
 * @throws SandboxError `REQUEST_INVALID` with the reason (name, folder).
 */
export async function createStandalone({ name, folder, ranges }: StandaloneOptions): Promise<CreatedProvider> {
  const provider = parseProviderName(name);
  const packageName = `sandport-provider-${provider.kebab}`;
  const target = path.resolve(folder ?? packageName);
  await checkFree(target);
  const words = { packageName, kitLink: 'https://www.npmjs.com/package/@sandport/provider-kit', testCommand: 'npm test' };
  const files = new Map(await readTemplate(['package', 'standalone'], provider, words));
  files.set('package.json', withRanges(files.get('package.json') ?? '', ranges ?? (await publishedRanges())));
  await writePackage(target, files);
  return { folder: target, packageName, changedFiles: [] };
}
