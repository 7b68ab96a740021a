// @ts-check
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runTool } from '../setup/run-tool.mjs';
import { findObstacles } from './preconditions.mjs';

const signal = new AbortController().signal;
const github = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://service.invalid/token', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'given' };

/** @type {string} */
let folder;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sandport-release-test-'));
  await git('init', '--quiet', '--initial-branch=main');
  await mkdir(path.join(folder, '.changeset'));
  await write('.changeset/README.md', 'how it is done');
  await commit();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** @param {string[]} words */
const git = (...words) => runTool(['git', ...words], { cwd: folder, timeoutMs: 30_000, signal });
/** @param {string} file @param {string} content */
const write = (file, content) => writeFile(path.join(folder, file), content);
async function commit() {
  await git('add', '--all');
  await git('-c', 'user.name=test', '-c', 'user.email=test@example.invalid', 'commit', '--quiet', '--message=Change');
}
/** @param {object} options */
const named = (options = {}) => ({
  name: '@sandport/thing',
  version: '1.0.0',
  repository: { url: 'https://forge.invalid/thing' },
  ...options,
});
/** @param {Partial<Parameters<typeof findObstacles>[0]>} options */
const obstacles = (options = {}) =>
  findObstacles({ folder, branch: 'main', provenance: false, environment: {}, manifests: [named(), named()], signal, ...options });

describe('a clone', () => {
  test('that is clean, on the branch and of one version is released', async () => {
    expect(await obstacles()).toEqual([]);
    expect(await obstacles({ provenance: true, environment: github })).toEqual([]);
    expect(await obstacles({ provenance: true, environment: { SIGSTORE_ID_TOKEN: 'given' } })).toEqual([]);
  });

  test('with changes that are not committed is not, and neither is another branch', async () => {
    await write('new.txt', 'x');
    expect(await obstacles()).toEqual(['There are changes that are not committed (?? new.txt): commit them or take them back.']);
    await commit();
    await git('checkout', '--quiet', '-b', 'work');
    expect(await obstacles()).toEqual(['This is the branch "work", and releases are made of "main": change to it.']);
    expect(await obstacles({ branch: 'work' })).toEqual([]);
  });

  test('whose changes wait for a version is not, nor one with several versions', async () => {
    await write('.changeset/some-change.md', 'x');
    await commit();
    const [changes, versions, ...others] = await obstacles({ manifests: [named(), named({ version: '1.1.0' })] });
    expect(changes).toMatch(/^Changes wait for a version \(some-change\.md\): run "npx changeset version"/);
    expect(versions).toBe('The packages have several versions (1.0.0, 1.1.0): all have one.');
    expect(others).toEqual([]);
  });

  test.each([{}, { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://service.invalid/token' }, { SIGSTORE_ID_TOKEN: '' }])(
    'is not released with provenance where nobody gives identity tokens: %j',
    async (environment) => {
      expect(await obstacles({ provenance: true, environment })).toEqual([expect.stringMatching(/^Nothing here gives an identity token/)]);
    },
  );

  test('is not released with provenance where a package does not say where its sources are', async () => {
    const manifests = [named(), named({ repository: undefined })];
    expect(await obstacles({ manifests })).toEqual([]);
    expect(await obstacles({ manifests, provenance: true, environment: github })).toEqual([
      'A package does not say where its sources are (@sandport/thing): write its "repository", with which --provenance is compared.',
    ]);
  });
});
