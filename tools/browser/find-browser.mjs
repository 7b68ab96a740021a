// @ts-check
import path from 'node:path';
import { findProgram, runCommand } from '../engine/command.mjs';
import { codeOf, DeadlineError } from '../engine/errors.mjs';
import { BrowserUnavailableError } from './errors.mjs';

/** The variable that names the browser to use. */
export const browserVariable = 'SANDPORT_CHROMIUM';

/** Cold from a slow disk it takes some seconds. */
const versionTimeoutMs = 60_000;

const namesOnThePath = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const placesOfApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * @typedef {object} Browser
 * @property {string} executable its absolute path
 * @property {string} version for example `Chromium 150.0.7871.100`
 */

/**
 * @param {{ environment?: Readonly<Record<string, string | undefined>>, candidates?: readonly string[], signal?: AbortSignal | undefined }} [options]
 *   `candidates` are looked at in their order when the environment names none
 * @returns {Promise<Browser | null>} null when there is none
 * @throws {BrowserUnavailableError} when the one that the environment names cannot be used
 */
export async function findBrowser({ environment = process.env, candidates, signal } = {}) {
  const { [browserVariable]: named = '' } = environment;
  if (named !== '') {
    const version = path.isAbsolute(named) ? await readVersion(named, signal) : null;
    if (version !== null) return { executable: named, version };
    throw new BrowserUnavailableError(
      `${browserVariable} names no Chromium that can be started: ${named}`,
      `Give the absolute path of one, or unset ${browserVariable} so that the usual places are looked at.`,
    );
  }
  for (const executable of candidates ?? usualPlaces()) {
    const version = await readVersion(executable, signal);
    if (version !== null) return { executable, version };
  }
  return null;
}

/** @returns {string[]} */
function usualPlaces() {
  const found = namesOnThePath.map((name) => findProgram(name)).filter((program) => program !== null);
  return [...found, ...placesOfApplications];
}

/**
 * A file of that name alone proves nothing: some distributions put a script there that only says how to install the browser.
 *
 * @param {string} executable
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<string | null>} null for what is no Chromium, or does not start
 */
async function readVersion(executable, signal) {
  try {
    const { exitCode, stdout } = await runCommand(executable, ['--version'], { timeoutMs: versionTimeoutMs, signal });
    const version = /^(?:Chromium|Google Chrome)\b.*\d+(?:\.\d+)+/m.exec(stdout)?.[0];
    return exitCode === 0 && version !== undefined ? version : null;
  } catch (error) {
    if (error instanceof DeadlineError) return null;
    // Not there, not for us to run, or no program of this machine.
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}
