// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { listPublishedPackages, listWorkspacePackages, repositoryRoot } from '../setup/repository.mjs';

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(path.join(repositoryRoot, file), 'utf8'));

/** Also of those that have a folder of their own at the root. @type {string[]} */
const everyName = [
  ...listWorkspacePackages().map(({ manifest }) => manifest.name),
  ...readdirSync(repositoryRoot)
    .filter((name) => existsSync(path.join(repositoryRoot, name, 'package.json')))
    .map((name) => readJson(`${name}/package.json`).name),
];

/**
 * The names that a group means: patterns with `*`, of which those with `!` take away.
 *
 * @param {readonly string[]} patterns
 */
function expand(patterns) {
  const matches = (/** @type {string} */ pattern, /** @type {string} */ name) =>
    new RegExp(`^${pattern.replaceAll('*', '[^/]*')}$`).test(name);
  const isIn = (/** @type {string} */ name) =>
    patterns.reduce(
      (known, pattern) => (pattern.startsWith('!') ? known && !matches(pattern.slice(1), name) : known || matches(pattern, name)),
      false,
    );
  return everyName.filter(isIn);
}

test('all packages that are published, and no other, share one version', () => {
  const { fixed, access } = readJson('.changeset/config.json');
  const published = listPublishedPackages().map(({ manifest }) => manifest);
  expect(fixed).toHaveLength(1);
  expect(expand(fixed[0]).toSorted()).toEqual(published.map(({ name }) => name).toSorted());
  expect(new Set(published.map(({ version }) => version)).size).toBe(1);
  expect(access).toBe('public');
});
