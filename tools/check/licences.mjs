// @ts-check
import { packageManager } from '../setup/repository.mjs';
import { runTool, ToolFailedError } from '../setup/run-tool.mjs';

const listTimeoutMs = 120_000;

/** What may be used and passed on with a notice alone, by its SPDX identifier. */
const ALLOWED_LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/**
 * Whether a licence, or one of those that may be chosen, is allowed. An expression that mixes choices and conditions is for a person to read.
 *
 * @param {string} expression of SPDX, as manifests have it
 */
export function isAllowed(expression) {
  const words = expression.replaceAll(/[()]/g, ' ').trim().split(/\s+/);
  const licences = words.filter((word) => word !== 'AND' && word !== 'OR');
  if (words.length !== licences.length * 2 - 1) return false;
  if (words.includes('OR')) return !words.includes('AND') && licences.some((licence) => ALLOWED_LICENCES.has(licence));
  return licences.every((licence) => ALLOWED_LICENCES.has(licence));
}

/**
 * @param {Readonly<Record<string, readonly { name: string, versions: readonly string[] }[]>>} packages by licence, as `pnpm licenses list --json` gives them
 * @returns {string[]} one sentence for each package that cannot be passed on
 */
export function findForbidden(packages) {
  return Object.entries(packages)
    .filter(([licence]) => !isAllowed(licence))
    .flatMap(([licence, those]) =>
      those.map(
        ({ name, versions }) => `${name}@${versions.join()} has the licence "${licence}", which is not among those that are allowed.`,
      ),
    );
}

/**
 * Reads the manifests of everything that our packages bring along when they are installed.
 *
 * @param {AbortSignal} signal
 * @throws {ToolFailedError} with what may not be passed on
 */
export async function checkLicences(signal) {
  const listing = ['npx', '--yes', packageManager(), 'licenses', 'list', '--prod', '--json'];
  const forbidden = findForbidden(
    JSON.parse(await runTool(/** @type {[string, ...string[]]} */ (listing), { timeoutMs: listTimeoutMs, signal })),
  );
  if (forbidden.length > 0) throw new ToolFailedError('licences', 1, forbidden.join('\n'));
}
