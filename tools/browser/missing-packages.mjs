// @ts-check
import { findProgram, runCommand } from '../engine/command.mjs';
import { findBrowser } from './find-browser.mjs';

const listTimeoutMs = 60_000;

/**
 * `fonts-wqy-zenhei` has every Chinese sign in 8 MB; `fonts-noto-cjk` would be 56 MB to download.
 *
 * @typedef {'chromium' | 'fonts-wqy-zenhei' | 'fonts-liberation' | 'fontconfig'} BrowserPackage
 */

/**
 * @param {{ signal?: AbortSignal | undefined }} [options]
 * @returns {Promise<BrowserPackage[]>} Debian's packages for what is not there
 */
export async function missingBrowserPackages({ signal } = {}) {
  /** @type {BrowserPackage[]} */
  const missing = [];
  if ((await findBrowser({ signal })) === null) missing.push('chromium');
  // Elsewhere the system has its fonts.
  if (process.platform !== 'linux') return missing;
  if (findProgram('fc-list') === null) missing.push('fontconfig');
  if (!(await hasFontFor('zh', signal))) missing.push('fonts-wqy-zenhei');
  if (!(await hasFontFor('en', signal))) missing.push('fonts-liberation');
  return missing;
}

/**
 * Whether the signs of a language can be shown. Without a font a page is full of boxes, and its lines are as wide as those.
 *
 * @param {string} language
 * @param {AbortSignal | undefined} signal
 */
async function hasFontFor(language, signal) {
  const program = findProgram('fc-list');
  if (program === null) return false;
  const { stdout } = await runCommand(program, [`:lang=${language}`, 'family'], { timeoutMs: listTimeoutMs, signal });
  return stdout.trim() !== '';
}
