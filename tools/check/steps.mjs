// @ts-check
import { packedPackages } from '../registry/packed-packages.mjs';
import { toolPath } from '../setup/repository.mjs';
import { runTool } from '../setup/run-tool.mjs';
import { checkLicences } from './licences.mjs';

const stepTimeoutMs = 300_000;

/**
 * @typedef {object} CheckStep
 * @property {string} title
 * @property {(signal: AbortSignal) => Promise<unknown>} run throws when something is wrong
 */

/**
 * @param {string} title
 * @param {string} tool
 * @param {...string} args
 * @returns {CheckStep}
 */
function toolStep(title, tool, ...args) {
  return { title, run: (signal) => runTool([toolPath(tool), ...args], { timeoutMs: stepTimeoutMs, signal }) };
}

/**
 * Judges the tarballs themselves: what a user would install, not what lies in the clone.
 *
 * @param {AbortSignal} signal
 */
async function checkTarballs(signal) {
  const { tarballs } = await packedPackages({ signal });
  for (const tarball of tarballs) {
    await Promise.all([
      runTool([toolPath('publint'), '--strict', tarball], { timeoutMs: stepTimeoutMs, signal }),
      runTool([toolPath('attw'), tarball, '--profile', 'esm-only', '--no-color'], { timeoutMs: stepTimeoutMs, signal }),
    ]);
  }
}

/**
 * From fast to slow, except that the compiler comes before the linter, which reads types across packages.
 *
 * @type {readonly CheckStep[]}
 */
export const checkSteps = [
  toolStep('format', 'oxfmt', '--check'),
  toolStep('types', 'tsc', '-b'),
  toolStep('lint', 'oxlint', '--type-aware'),
  toolStep('boundaries', 'turbo', 'boundaries'),
  toolStep('unused code and dependencies', 'knip', '--no-progress'),
  { title: 'licences', run: checkLicences },
  { title: 'packed tarballs', run: checkTarballs },
];
