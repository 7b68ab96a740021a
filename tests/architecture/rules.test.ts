import { describe, expect, test } from 'vitest';
import { allRules } from './rules/all-rules.ts';
import { soundWorkspace, type PackageSketch } from './sound-workspace.ts';
import type { WorkspaceModel } from './workspace-model.ts';

type RuleName = keyof typeof allRules;

const long = Array.from({ length: 301 }, (_, index) => `// line ${index}`).join('\n');
const inClient = (text: string): PackageSketch => ({ folder: 'client', sources: { 'src/a.ts': text } });

/** One fault each, the rule that must find it, and what it must say. */
const faults: readonly (readonly [string, RuleName, WorkspaceModel | PackageSketch, string])[] = [
  ['a client that knows a provider', 'importDirection', inClient(`import { a } from '@sandport/provider-self-managed';`), 'client may not'],
  [
    'a type taken from a provider',
    'importDirection',
    inClient(`import type { A } from '@sandport/provider-self-managed';`),
    'client may not',
  ],
  ['a type named in passing', 'importDirection', inClient(`export type A = import('@sandport/cli').A;`), 'client may not'],
  [
    'a provider that knows the client',
    'importDirection',
    { folder: 'provider-self-managed', sources: { 'src/a.ts': `import '@sandport/client';` } },
    'provider may not',
  ],
  [
    'a provider that knows another',
    'importDirection',
    { folder: 'provider-x', sources: { 'src/a.ts': `import '@sandport/provider-self-managed';` } },
    'provider may not',
  ],
  [
    'a provider that ships the tests',
    'importDirection',
    { folder: 'provider-x', sources: { 'src/a.ts': `import '@sandport/conformance';` } },
    'provider may not',
  ],
  [
    'a provider that ships the fakes',
    'importDirection',
    { folder: 'provider-x', sources: { 'src/a.ts': `import '@sandport/fakes';` } },
    'provider may not',
  ],
  [
    'a fake that knows the contract',
    'importDirection',
    { folder: 'fakes', sources: { 'src/a.ts': `import '@sandport/core';` } },
    'fakes may not',
  ],
  [
    'a core that knows the kit',
    'importDirection',
    { folder: 'core', sources: { 'src/a.ts': `import '@sandport/provider-kit';` } },
    'core may not',
  ],
  [
    'a preparation that knows a provider',
    'importDirection',
    { folder: 'preparation', sources: { 'src/a.ts': `import '@sandport/provider-self-managed';` } },
    'preparation may not',
  ],
  [
    'a preparation that knows a provider in a test',
    'importDirection',
    { folder: 'preparation', sources: { 'test/a.test.ts': `import '@sandport/provider-self-managed';` } },
    'preparation may not',
  ],
  ['a client that tries providers itself', 'importDirection', inClient(`import '@sandport/preparation';`), 'client may not'],
  [
    'an app that knows another app',
    'importDirection',
    { group: 'apps', folder: 'admin', sources: { 'src/a.ts': `import '@sandport/cli';` } },
    'app may not',
  ],
  [
    'a template that imports the client',
    'importDirection',
    { folder: 'create-sandport-provider', sources: { 'template/package/src/a.ts': `import '@sandport/client';` } },
    'may not',
  ],
  [
    'a template whose library nobody declares',
    'declaredDependencies',
    { folder: 'create-sandport-provider', sources: { 'template/package/src/a.ts': `import 'left-pad';` } },
    'left-pad, which is not declared',
  ],
  ['a folder of no known kind', 'importDirection', { folder: 'extras' }, 'no known kind'],
  ['an undeclared library', 'declaredDependencies', inClient(`import { x } from 'left-pad';`), 'left-pad, which is not declared'],
  [
    'a test library in published sources',
    'declaredDependencies',
    inClient(`import { expect } from 'vitest';`),
    'vitest, which is not declared',
  ],
  [
    'an undeclared library in a test',
    'declaredDependencies',
    { folder: 'client', sources: { 'test/a.test.ts': `import 'left-pad';` } },
    'left-pad',
  ],
  [
    'a file inside another package',
    'publicEntries',
    inClient(`import { x } from '@sandport/core/src/secret.ts';`),
    'which is not exported',
  ],
  ['a path into another package', 'publicEntries', inClient(`import { x } from '../../core/src/index.ts';`), 'reaches out of its package'],
  ['an import without extension', 'fileExtensions', inClient(`import { x } from './b';`), 'without its extension'],
  [
    'a core with a library',
    'leanDependencies',
    { folder: 'core', manifest: { dependencies: { lodash: 'catalog:' } } },
    'depends on lodash',
  ],
  [
    'a client with the library of a vendor',
    'leanDependencies',
    { folder: 'client', manifest: { dependencies: { dockerode: 'catalog:' } } },
    'depends on dockerode',
  ],
  [
    'a preparation that carries a provider',
    'leanDependencies',
    { folder: 'preparation', manifest: { dependencies: { '@sandport/provider-self-managed': 'workspace:^' } } },
    'depends on @sandport/provider-self-managed',
  ],
  ['a name that differs from the folder', 'packageName', { folder: 'client', manifest: { name: '@sandport/sdk' } }, '@sandport/sdk'],
  ['a wrong tag', 'boundaryTag', { folder: 'client', tags: ['app'] }, 'not [client]'],
  ['another licence', 'manifestShape', { folder: 'client', manifest: { license: 'MIT' } }, 'licence MIT'],
  ['CommonJS', 'manifestShape', { folder: 'client', manifest: { type: 'commonjs' } }, 'not an ES module'],
  ['other Node versions', 'manifestShape', { folder: 'client', manifest: { engines: { node: '>=18' } } }, 'other Node versions'],
  [
    'other Node versions when it is published',
    'manifestShape',
    { folder: 'client', manifest: { publishConfig: { engines: { node: '>=24' } } } },
    'published for other Node versions',
  ],
  ['an adapter that keeps from its users which Node it needs', 'manifestShape', { folder: 'ai-sdk' }, 'published for other Node versions'],
  ['exports without types', 'manifestShape', { folder: 'client', manifest: { exports: { '.': './dist/index.js' } } }, 'conditions []'],
  ['published tests', 'manifestShape', { folder: 'client', manifest: { files: ['dist', 'src'] } }, 'publishes its tests'],
  ['a folder left behind', 'manifestShape', { folder: 'client', sources: { 'guest/start.ts': '' } }, 'does not publish guest/'],
  ['a version of its own', 'dependencyRanges', { folder: 'core', manifest: { dependencies: { zod: '^4.0.0' } } }, 'not "catalog:"'],
  [
    'a version of a neighbour',
    'dependencyRanges',
    { folder: 'client', manifest: { dependencies: { '@sandport/core': '^0.1.0' } } },
    'not "workspace:^"',
  ],
  ['a missing reference', 'projectReferences', { folder: 'client', references: [] }, 'does not refer to core'],
  ['a reference too many', 'projectReferences', { folder: 'client', references: ['core', 'cli'] }, 'refers to cli'],
  [
    'a package that the root forgot',
    'rootReferences',
    { ...soundWorkspace(), root: { ...soundWorkspace().root, references: [] } },
    'packages/core is missing',
  ],
  [
    'a README without a heading',
    'packageReadme',
    { folder: 'provider-self-managed', readme: '## What it does\n## Install\n## Use\n## Testing it' },
    'Errors you will meet',
  ],
  ['a README that hides a heading', 'packageReadme', { folder: 'client', readme: '# Install\n### Use\nTesting it' }, '## Install'],
  ['a barrel', 'explicitExports', inClient(`export * from './b.ts';`), 'exports everything'],
  ['a module that waits', 'noTopLevelAwait', inClient(`export const a = await load();`), 'awaits while it is loaded'],
  ['a long file', 'fileLength', inClient(long), 'has 301 lines'],
  ['a drawer for everything', 'tellingNames', { folder: 'client', sources: { 'src/string-case/utils.ts': '' } }, 'says nothing'],
  ['a folder for everything', 'tellingNames', { folder: 'client', sources: { 'src/common/clock.ts': '' } }, 'says nothing'],
  ['a provider without its files', 'providerFiles', { folder: 'provider-x' }, 'has no src/x-errors.ts'],
  ['a provider that nothing proves', 'providerFiles', { folder: 'provider-x', sources: { 'test/x.test.ts': '' } }, 'no conformance test'],
  [
    'a provider without its names',
    'providerExports',
    { folder: 'provider-big-box', sources: { 'src/index.ts': 'export const bigBoxProvider = 1;' } },
    'createBigBoxProvider',
  ],
  [
    'a heavy provider',
    'providerDependencies',
    { folder: 'provider-x', manifest: { dependencies: { a: '', b: '', c: '', d: '', e: '', f: '', g: '' } } },
    'has 7',
  ],
  [
    'a provider taken elsewhere',
    'oneProviderList',
    { folder: 'cli', sources: { 'src/run.ts': `import { selfManagedProvider } from '@sandport/provider-self-managed';` } },
    'past the list',
  ],
  [
    'a second list beside the first',
    'oneProviderList',
    { folder: 'providers', sources: { 'src/more.ts': `import { selfManagedProvider } from '@sandport/provider-self-managed';` } },
    'past the list',
  ],
  ['a provider that the list lacks', 'listedProviders', { folder: 'provider-x' }, 'does not list provider-x'],
  [
    'a package that only few may know and that lists providers',
    'importDirection',
    { folder: 'provider-x', sources: { 'src/a.ts': `import '@sandport/providers';` } },
    'provider may not',
  ],
  [
    'a provider that the README hides',
    'providerRows',
    { ...soundWorkspace(), root: { ...soundWorkspace().root, readme: 'provider-self-managed' } },
    'provider-self-managed',
  ],
];

const isWorkspace = (subject: WorkspaceModel | PackageSketch): subject is WorkspaceModel => 'packages' in subject;

describe('rules of the house', () => {
  test.each(Object.entries(allRules))('%s finds nothing in a sound house', (_name, rule) => {
    expect(rule.findViolations(soundWorkspace())).toEqual([]);
  });

  test.each(faults)('find %s', (_title, ruleName, subject, finding) => {
    const violations = allRules[ruleName].findViolations(isWorkspace(subject) ? subject : soundWorkspace(subject));
    expect(violations.join('\n')).toContain(finding);
  });

  test('each has a fault that proves it', () => {
    expect(new Set(faults.map(([, ruleName]) => ruleName))).toEqual(new Set(Object.keys(allRules)));
  });

  test('let tests import what published sources may not', () => {
    const workspace = soundWorkspace(
      {
        folder: 'provider-self-managed',
        manifest: { devDependencies: { '@sandport/conformance': 'workspace:^', '@sandport/fakes': 'workspace:^' } },
        sources: { 'test/conformance.test.ts': `import '@sandport/conformance';\nimport '@sandport/fakes';\nimport 'vitest';` },
      },
      { folder: 'conformance' },
      { folder: 'fakes' },
    );
    expect(allRules.importDirection.findViolations(workspace)).toEqual([]);
    expect(allRules.declaredDependencies.findViolations(workspace)).toEqual([]);
  });

  test('let an app and the preparation use the cases', () => {
    const workspace = soundWorkspace(
      { folder: 'conformance' },
      { folder: 'preparation', sources: { 'src/a.ts': `import '@sandport/core';\nimport '@sandport/conformance';` } },
      { folder: 'cli', sources: { 'src/a.ts': `import '@sandport/preparation';` } },
    );
    expect(allRules.importDirection.findViolations(workspace)).toEqual([]);
  });

  test('let the page of an app use what is bundled with it, and stay unpublished', () => {
    const workspace = soundWorkspace({
      folder: 'admin',
      group: 'apps',
      manifest: { devDependencies: { react: 'catalog:' } },
      tags: ['app'],
      sources: {
        'src/engine.ts': `import '@sandport/provider-self-managed';`,
        'web/src/main.tsx': `import 'react';\nimport 'left-pad';`,
      },
    });
    expect(allRules.declaredDependencies.findViolations(workspace)).toEqual([
      'apps/admin: src/engine.ts imports @sandport/provider-self-managed, which is not declared',
      'apps/admin: web/src/main.tsx imports left-pad, which is not declared',
    ]);
    expect(allRules.manifestShape.findViolations(workspace)).toEqual([]);
  });

  test("let an app's tests start another app", () => {
    const workspace = soundWorkspace(
      { group: 'apps', folder: 'executor' },
      {
        group: 'apps',
        folder: 'admin',
        manifest: { devDependencies: { '@sandport/executor': 'workspace:^' } },
        sources: { 'test/walk.test.ts': `import '@sandport/executor';` },
      },
    );
    expect(allRules.importDirection.findViolations(workspace)).toEqual([]);
  });

  test('let a template use what the package that is made of it will have', () => {
    const workspace = soundWorkspace({
      folder: 'create-sandport-provider',
      manifest: {
        devDependencies: { '@sandport/provider-kit': 'workspace:^' },
        files: ['dist', 'src', 'template', '!src/**/*.test.ts', '!src/**/*.test-d.ts'],
      },
      sources: { 'template/package/src/a.ts': `import '@sandport/provider-kit';` },
    });
    for (const rule of Object.values(allRules)) expect(rule.findViolations(workspace)).toEqual([]);
  });

  test('let a program wait while it is loaded', () => {
    const workspace = soundWorkspace({ folder: 'cli', sources: { 'src/main.ts': 'await run();' } });
    expect(allRules.noTopLevelAwait.findViolations(workspace)).toEqual([]);
  });
});
