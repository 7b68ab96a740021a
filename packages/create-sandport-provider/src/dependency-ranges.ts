import { readFile } from 'node:fs/promises';
import { refusal } from './refusal.ts';

/** Ranges of versions by the names of packages. */
export type DependencyRanges = Readonly<Record<string, string>>;

/** What a manifest says instead of a range within the repository; a published one has ranges. */
const UNRESOLVED = /^(?:catalog|workspace):/;

/** The ranges that this package was published with: a new provider gets what its template was tested with. */
export async function publishedRanges(): Promise<DependencyRanges> {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly dependencies: DependencyRanges;
    readonly devDependencies: DependencyRanges;
  };
  return { ...manifest.dependencies, ...manifest.devDependencies };
}

/**
 * Puts ranges into the manifest of a package that stands by itself.
 *
 * @throws SandboxError `REQUEST_INVALID` when there are none, since the generator was not installed but is part of the repository.
 */
export function withRanges(manifestText: string, ranges: DependencyRanges): string {
  return manifestText.replaceAll(/"([^"\n]+)": "catalog:"/g, (_found, dependency: string) => {
    const range = ranges[dependency];
    if (range !== undefined && !UNRESOLVED.test(range)) return `"${dependency}": "${range}"`;
    throw refusal(
      'in-repository',
      `this generator is part of a repository and knows no published version of ${dependency}`,
      'Give --in-repository, or use the published one: npm create sandport-provider@latest NAME.',
    );
  });
}
