// @ts-check
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from '../setup/run-tool.mjs';

const gitTimeoutMs = 30_000;

/**
 * What keeps a clone from being released as it stands.
 *
 * @param {{ folder: string, branch: string, provenance: boolean, environment: Readonly<Record<string, string | undefined>>, manifests: readonly import('../setup/repository.mjs').Manifest[], signal: AbortSignal }} options
 *   `environment` is looked at for identity tokens; `manifests` are those of the packages
 * @returns {Promise<string[]>} each one sentence, with its remedy
 */
export async function findObstacles({ folder, branch, provenance, environment, manifests, signal }) {
  /** @param {string[]} words */
  const git = async (...words) => (await runTool(['git', ...words], { cwd: folder, timeoutMs: gitTimeoutMs, signal })).trim();
  const [changed, current, changesets] = await Promise.all([
    git('status', '--porcelain'),
    git('rev-parse', '--abbrev-ref', 'HEAD'),
    pendingChangesets(folder),
  ]);
  const versions = new Set(manifests.map(({ version }) => version));
  const problems = [];
  if (changed !== '')
    problems.push(`There are changes that are not committed (${firstOf(changed.split('\n'))}): commit them or take them back.`);
  if (current !== branch) problems.push(`This is the branch "${current}", and releases are made of "${branch}": change to it.`);
  if (changesets.length > 0) {
    problems.push(`Changes wait for a version (${firstOf(changesets)}): run "npx changeset version" and commit what it writes.`);
  }
  if (versions.size !== 1) problems.push(`The packages have several versions (${[...versions].join(', ')}): all have one.`);
  const nameless = manifests.filter(({ repository }) => repository === undefined).map(({ name }) => name);
  if (provenance && nameless.length > 0) {
    problems.push(
      `A package does not say where its sources are (${firstOf(nameless)}): write its "repository", with which --provenance is compared.`,
    );
  }
  if (provenance && !givesIdentityTokens(environment)) {
    problems.push(
      'Nothing here gives an identity token: publish with --provenance from a build service, with the right to "id-token: write".',
    );
  }
  return problems;
}

/** @param {string} folder */
async function pendingChangesets(folder) {
  const files = await readdir(path.join(folder, '.changeset'));
  return files.filter((name) => name.endsWith('.md') && name !== 'README.md').toSorted();
}

/**
 * As npm looks for them.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
function givesIdentityTokens(environment) {
  const has = (/** @type {string} */ name) => (environment[name] ?? '') !== '';
  return (has('ACTIONS_ID_TOKEN_REQUEST_URL') && has('ACTIONS_ID_TOKEN_REQUEST_TOKEN')) || has('SIGSTORE_ID_TOKEN');
}

/** @param {readonly string[]} things */
function firstOf(things) {
  const [first = ''] = things;
  return things.length === 1 ? first.trim() : `${first.trim()} and ${things.length - 1} more`;
}
