import { parseModule } from './module-model.ts';
import { kindOf, packageNameOf, SCOPE } from './package-kind.ts';
import type { Manifest, PackageModel, WorkspaceModel } from './workspace-model.ts';

/** What a test says of a package; everything else is as it should be. */
export interface PackageSketch {
  readonly folder: string;
  readonly group?: PackageModel['group'];
  /** Path to text. They are added to what the package needs. */
  readonly sources?: Readonly<Record<string, string>>;
  readonly manifest?: Partial<Manifest>;
  readonly references?: readonly string[];
  readonly tags?: readonly string[];
  readonly readme?: string | undefined;
}

const engines = { node: '>=20' };

function soundManifest(name: string): Manifest {
  return {
    name,
    private: false,
    license: 'Apache-2.0',
    type: 'module',
    engines,
    publishConfig: { engines: {} },
    exports: {
      '.': { '@sandport/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist', 'src', '!src/**/*.test.ts', '!src/**/*.test-d.ts'],
    dependencies: {},
    devDependencies: {},
    peerDependencies: {},
    optionalDependencies: {},
  };
}

const soundReadme = ['What it does', 'Install', 'Use', 'Configuration', 'Capabilities and limits', 'Errors you will meet', 'Testing it']
  .map((heading) => `## ${heading}`)
  .join('\n');

/** A package in which no rule finds anything, as far as the sketch leaves it so. */
function soundPackage({ folder, group = 'packages', sources = {}, manifest = {}, references, tags, readme }: PackageSketch): PackageModel {
  const complete = { ...soundManifest(packageNameOf(folder)), ...manifest };
  const modules = Object.entries({ 'src/index.ts': '', ...sources }).map(([path, text]) => parseModule(path, text));
  return {
    group,
    folder,
    manifest: complete,
    references:
      references ?? Object.keys(complete.dependencies).flatMap((name) => (name.startsWith(SCOPE) ? [name.slice(SCOPE.length)] : [])),
    tags: tags ?? [kindOf(group, folder) ?? ''],
    files: modules.map((module) => module.path),
    modules,
    readme: readme ?? soundReadme,
  };
}

const workspaceRange = 'workspace:^';

const soundSketches: readonly PackageSketch[] = [
  {
    folder: 'core',
    manifest: { dependencies: { zod: 'catalog:' } },
    sources: { 'src/index.ts': `import { z } from 'zod';\nexport const a = z;` },
  },
  { folder: 'provider-kit', manifest: { dependencies: { '@sandport/core': workspaceRange } } },
  {
    folder: 'provider-self-managed',
    manifest: { dependencies: { '@sandport/core': workspaceRange, '@sandport/provider-kit': workspaceRange } },
    sources: {
      'src/index.ts': `import { a } from '@sandport/core';\nexport const createSelfManagedProvider = a, selfManagedProvider = a;\nexport type SelfManagedProviderConfig = string;`,
      'src/self-managed-provider.ts': '',
      'src/self-managed-provider-config.ts': '',
      'src/self-managed-errors.ts': '',
      'src/self-managed-health.ts': '',
      'test/conformance.test.ts': `import { test } from 'vitest';`,
    },
  },
  { folder: 'client', manifest: { dependencies: { '@sandport/core': workspaceRange } } },
  {
    folder: 'providers',
    manifest: { dependencies: { '@sandport/core': workspaceRange, '@sandport/provider-self-managed': workspaceRange } },
    sources: {
      'src/index.ts': `import type { a } from '@sandport/core';\nimport * as listed from './providers.ts';`,
      'src/providers.ts': `export { selfManagedProvider } from '@sandport/provider-self-managed';`,
    },
  },
  {
    folder: 'cli',
    manifest: { dependencies: { '@sandport/client': workspaceRange, '@sandport/providers': workspaceRange } },
    sources: { 'src/main.ts': `import { providers } from '@sandport/providers';` },
  },
];

/** A small house in which no rule finds anything, with some packages replaced or added. */
export function soundWorkspace(...changes: readonly PackageSketch[]): WorkspaceModel {
  const sketches = new Map(soundSketches.map((sketch) => [sketch.folder, sketch]));
  for (const change of changes) {
    const before = sketches.get(change.folder);
    const sources = { ...before?.sources, ...change.sources };
    sketches.set(change.folder, { ...before, ...change, manifest: { ...before?.manifest, ...change.manifest }, sources });
  }
  const packages = [...sketches.values()].map(soundPackage);
  return {
    packages,
    root: {
      manifest: { ...soundManifest('house'), engines },
      references: packages.map(({ group, folder }) => `${group}/${folder}`),
      readme: packages.map(({ folder }) => `| [x](packages/${folder}) |`).join('\n'),
    },
  };
}
