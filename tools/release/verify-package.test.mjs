// @ts-check
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { findFlaws } from './verify-package.mjs';

/** Written in two pieces, so that this file holds none. */
const npmToken = `npm_${'a1'.repeat(18)}`;
const privateKey = `-----BEGIN ${'PRIVATE KEY'}-----\n${'QUJD'.repeat(12)}\n`;

/**
 * A package that is as it should be, but for what is given.
 *
 * @param {Record<string, string>} files
 * @param {object} manifest
 */
function flawsOf(files = {}, manifest = {}) {
  const all = { LICENSE: 'Apache', 'README.md': '# thing', 'src/index.ts': 'export {};', ...files };
  const packed = {
    tarball: 'thing.tgz',
    bytes: Buffer.alloc(0),
    integrity: '',
    shasum: '',
    manifest: {
      name: '@sandport/thing',
      version: '1.2.0',
      license: 'Apache-2.0',
      dependencies: { '@sandport/core': '^1.2.0', zod: '^4.0.0' },
      ...manifest,
    },
    files: Object.entries(all)
      .filter(([, content]) => content !== '')
      .map(([path, content]) => ({ path, type: 'File', content: Buffer.from(content) })),
  };
  return findFlaws(packed, { version: '1.2.0', siblings: ['@sandport/core', '@sandport/thing'], localPaths: ['/home/somebody/clone'] });
}

test('finds nothing in a package that is as it should be', () => {
  const map = JSON.stringify({ sources: ['../src/index.ts'] });
  expect(
    flawsOf({ 'dist/index.js.map': map, 'template/test/first.test.ts': 'test', 'bundle/index.js': 'x', 'bundle/THIRD-PARTY.txt': 'MIT' }),
  ).toEqual([]);
});

test.each([
  ['It has no LICENSE.', { LICENSE: '' }],
  ['It has no README.md.', { 'README.md': '' }],
  ['It has no bundle/THIRD-PARTY.txt for what is bundled.', { 'bundle/index.js': 'x' }],
  ['It has no dist/page/THIRD-PARTY.txt for what is bundled.', { 'dist/page/index.html': 'x' }],
  [
    'dist/page/THIRD-PARTY.txt: thing has the licence "GPL-3.0", which is not among those that are allowed.',
    { 'dist/page/index.html': 'x', 'dist/page/THIRD-PARTY.txt': '## @scope/other - 1.0.0 (MIT)\n\n## thing - 1.0.0 (GPL-3.0)\n' },
  ],
  ['dist/index.test.js: is a test.', { 'dist/index.test.js': 'x' }],
  ['test/programs/a.py: is a test.', { 'test/programs/a.py': 'x' }],
  ['deploy/.env: has the name of something private.', { 'deploy/.env': 'A=1' }],
  ['../escape.js: lies outside of the package.', { '../escape.js': 'x' }],
  ['src/index.ts: holds what looks like a token of npm.', { 'src/index.ts': `const token = '${npmToken}';` }],
  ['src/key.txt: holds what looks like a private key.', { 'src/key.txt': privateKey }],
  ['dist/a.js: names a folder of the machine that it was made on.', { 'dist/a.js': "'/home/somebody/clone/packages'" }],
  [
    'dist/a.js.map: leads to ../../build/a.ts, which is not in the package.',
    { 'dist/a.js.map': JSON.stringify({ sources: ['a.ts'], sourceRoot: '../../../build' }) },
  ],
  [
    'dist/a.js.map: leads to /build/a.ts, which is not in the package.',
    { 'dist/a.js.map': JSON.stringify({ sources: ['/build/a.ts'], sourcesContent: ['x'] }) },
  ],
  [
    'dist/a.js.map: leads to src/gone.ts, which is not in the package.',
    { 'dist/a.js.map': JSON.stringify({ sources: ['../src/gone.ts'] }) },
  ],
])('finds in files: %s', (flaw, files) => {
  expect(flawsOf(/** @type {Record<string, string>} */ (files))).toEqual([flaw]);
});

test.each([
  ['Its licence is "MIT".', { license: 'MIT' }],
  ['Its version is 1.1.0, not 1.2.0.', { version: '1.1.0' }],
  ['It runs something when it is installed (postinstall).', { scripts: { build: 'tsc', postinstall: 'node x.mjs' } }],
  ['It depends on @sandport/core as "workspace:^", which no registry has.', { dependencies: { '@sandport/core': 'workspace:^' } }],
  ['It depends on zod as "catalog:", which no registry has.', { peerDependencies: { zod: 'catalog:' }, dependencies: {} }],
  ['It depends on @sandport/core as "^1.1.0", not "^1.2.0".', { dependencies: { '@sandport/core': '^1.1.0' } }],
])('finds in the manifest: %s', (flaw, manifest) => {
  expect(flawsOf({}, manifest)).toEqual([flaw]);
});
