// @ts-check
import { runCommand } from './command.mjs';

/** Releases before this day may lack the systrap platform, the one that needs neither KVM nor ptrace. */
const oldestReleaseDay = 20240101;

/**
 * gVisor's versions are days: `release-20240729.0` from its makers, `0.0~20240729.0-4~bpo12+1` as a package.
 *
 * @param {string} text a package version, or what `runsc --version` prints
 * @returns {number | null} the day as a number, such as 20240729
 */
export function releaseDay(text) {
  const day = /(?<!\d)(20\d{6})(?!\d)/.exec(text);
  return day === null ? null : Number(day[1]);
}

/**
 * @param {string} text
 * @returns {boolean}
 */
export function isRecentRunsc(text) {
  const day = releaseDay(text);
  return day !== null && day >= oldestReleaseDay;
}

/**
 * Whether an installed runsc can be used. It is asked itself, and the package database when it does not know its version:
 * distributions build it without one.
 *
 * @param {string} runscPath
 * @returns {Promise<boolean>}
 */
export async function isUsableRunsc(runscPath) {
  const own = await runCommand(runscPath, ['--version'], { timeoutMs: 10_000 });
  if (releaseDay(own.stdout) !== null) return isRecentRunsc(own.stdout);
  const packaged = await runCommand('dpkg-query', ['--show', 'runsc'], { timeoutMs: 10_000 });
  return packaged.exitCode === 0 && isRecentRunsc(packaged.stdout);
}
