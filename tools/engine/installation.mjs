// @ts-check
/** What programs that install packages share: each is a process of its own, started by `runInstaller` of packages.mjs. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AptError, candidateVersions, installPackages, updateIndexes } from './apt.mjs';
import { EngineUnavailableError, messageOf } from './errors.mjs';
import { parentGone, sendMessage } from './messages.mjs';
import { withoutServiceStarts } from './service-policy.mjs';

/** @import { AptContext } from './apt.mjs' */

const shownLogLines = 25;

/** @param {string} text */
export const progress = (text) => sendMessage({ event: 'progress', text });

/**
 * Runs an installation and tells its parent what came of it.
 *
 * @param {(places: { folder: string, context: AptContext }) => Promise<void>} install
 * @param {string} remedy for a failure of apt
 */
export async function runInstallation(install, remedy) {
  const signal = parentGone();
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-packages-'));
  const logFile = path.join(folder, 'apt.log');
  try {
    await writeFile(logFile, '');
    await install({ folder, context: { logFile, signal, onLine: relayStep } });
    await rm(folder, { recursive: true, force: true });
    sendMessage({ event: 'ready' });
  } catch (error) {
    process.exitCode = 1;
    if (signal.aborted) {
      await rm(folder, { recursive: true, force: true });
    } else if (error instanceof EngineUnavailableError) {
      await rm(folder, { recursive: true, force: true });
      sendMessage({ event: 'failed', message: error.problem, remedy: error.remedy });
    } else {
      const tail = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-shownLogLines).join('\n');
      sendMessage({ event: 'failed', message: `Installing packages failed: ${messageOf(error)}\nThe end of ${logFile}:\n${tail}`, remedy });
    }
  }
  // The pipe from the parent is still open, and would keep this process waiting.
  process.stdin.destroy();
}

/** @param {string} line */
function relayStep(line) {
  if (line.startsWith('Setting up ')) progress(`  ${line.replace(/\s*\.\.\.$/, '')}`);
}

/**
 * The versions that apt offers; its lists are read anew when they lack one.
 *
 * @param {readonly string[]} names
 * @param {AptContext} context
 * @param {readonly string[]} [dispensable] names that may be missing
 */
export async function offeredVersions(names, context, dispensable = []) {
  let candidates = await candidateVersions(names, context);
  if (names.some((name) => !candidates.has(name))) {
    progress('reading the package lists');
    await updateIndexes(context);
    candidates = await candidateVersions(names, context);
  }
  const unknown = names.filter((name) => !dispensable.includes(name) && !candidates.has(name));
  if (unknown.length > 0) throw new Error(`apt offers no ${unknown.join(' and no ')}; are its sources complete and reachable?`);
  return candidates;
}

/**
 * Installs packages without starting their services.
 *
 * @param {readonly string[]} packages names, or paths of package files
 * @param {AptContext} context
 */
export async function installQuietly(packages, context) {
  await withoutServiceStarts(async () => {
    try {
      await installPackages(packages, context);
    } catch (error) {
      if (!(error instanceof AptError)) throw error;
      // Package lists that are days old name files that the archive no longer has.
      progress('that failed; reading the package lists again for a second try');
      await updateIndexes(context);
      await installPackages(packages, context);
    }
  });
}
