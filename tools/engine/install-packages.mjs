// @ts-check
/**
 * A program of its own, started by packages.mjs: when the process that asked for an engine is killed half-way, this one
 * still leaves the package database whole and removes what it placed.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AptError, candidateVersions, installPackages, updateIndexes } from './apt.mjs';
import { downloadBackportedRunsc } from './backports.mjs';
import { EngineUnavailableError, messageOf } from './errors.mjs';
import { parentGone, sendMessage } from './messages.mjs';
import { missingPackages } from './missing-programs.mjs';
import { isRecentRunsc } from './runsc-version.mjs';
import { withoutServiceStarts } from './service-policy.mjs';

const shownLogLines = 25;

/** @param {string} text */
const progress = (text) => sendMessage({ event: 'progress', text });

/**
 * @param {{ folder: string, logFile: string, signal: AbortSignal }} places
 */
async function install({ folder, logFile, signal }) {
  const missing = await missingPackages({ requireGvisor: process.argv.includes('--gvisor') });
  if (missing.length === 0) return;
  progress(`installing ${missing.join(', ')} from the distribution (this happens once)`);
  const context = { logFile, signal, onLine: relayStep };

  let candidates = await candidateVersions(missing, context);
  if (missing.some((name) => !candidates.has(name))) {
    progress('reading the package lists');
    await updateIndexes(context);
    candidates = await candidateVersions(missing, context);
  }
  const unknown = missing.filter((name) => name !== 'runsc' && !candidates.has(name));
  if (unknown.length > 0) throw new Error(`apt offers no ${unknown.join(' and no ')}; are its sources complete and reachable?`);
  /** @type {string[]} */
  const packages = missing.filter((name) => name !== 'runsc');
  if (missing.includes('runsc')) {
    const candidate = candidates.get('runsc');
    if (candidate !== undefined && isRecentRunsc(candidate)) {
      packages.push('runsc');
    } else {
      const offer = candidate === undefined ? 'this release has no runsc' : `runsc ${candidate} of this release is too old`;
      progress(`${offer}: looking into the release's backports`);
      packages.push(await downloadBackportedRunsc(folder, context));
    }
  }
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
  const stillMissing = await missingPackages({ requireGvisor: process.argv.includes('--gvisor') });
  if (stillMissing.length > 0) throw new Error(`${stillMissing.join(', ')} cannot be run even after the installation`);
}

/** @param {string} line */
function relayStep(line) {
  if (line.startsWith('Setting up ')) progress(`  ${line.replace(/\s*\.\.\.$/, '')}`);
}

const signal = parentGone();
const folder = await mkdtemp(path.join(tmpdir(), 'sandport-packages-'));
const logFile = path.join(folder, 'apt.log');
try {
  await writeFile(logFile, '');
  await install({ folder, logFile, signal });
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
    sendMessage({
      event: 'failed',
      message: `Installing packages failed: ${messageOf(error)}\nThe end of ${logFile}:\n${tail}`,
      remedy: 'Mend what apt complains about, or install docker.io, runsc (2024 or later) and mmdebstrap yourself.',
    });
  }
}
// The pipe from the parent is still open, and would keep this process waiting.
process.stdin.destroy();
