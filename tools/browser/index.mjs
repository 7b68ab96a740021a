// @ts-check
/** Chromium for tests that look at pages: the one that is there, or that of the distribution. */
import { fileURLToPath } from 'node:url';
import { isDebianFamily, readOsRelease } from '../engine/os-release.mjs';
import { runInstaller } from '../engine/packages.mjs';
import { BrowserUnavailableError } from './errors.mjs';
import { browserVariable, findBrowser } from './find-browser.mjs';
import { missingBrowserPackages } from './missing-packages.mjs';

/** @import { Browser } from './find-browser.mjs' */

export { BrowserUnavailableError };

const installer = fileURLToPath(new URL('install-browser.mjs', import.meta.url));
const remedy = `Install Chromium (and name it in ${browserVariable} where it is in no usual place), or run this as root on Debian.`;

/**
 * Makes sure of a browser, and of fonts for what the pages say. A machine whose packages are not ours to change does without the fonts.
 *
 * @param {{ log: (line: string) => void, signal?: AbortSignal | undefined }} options
 * @returns {Promise<Browser>}
 * @throws {BrowserUnavailableError}
 */
export async function ensureBrowser({ log, signal }) {
  signal?.throwIfAborted();
  const missing = await missingBrowserPackages({ signal });
  if (missing.length > 0) {
    if (process.getuid?.() === 0 && isDebianFamily(await readOsRelease())) {
      const failure = await runInstaller([installer], { log, signal });
      if (failure !== undefined) throw new BrowserUnavailableError(failure.message, failure.remedy);
    } else if (!missing.includes('chromium')) {
      log(`some signs will not be shown: there is no ${missing.join(' and no ')} here`);
    }
  }
  const browser = await findBrowser({ signal });
  if (browser === null) throw new BrowserUnavailableError('There is no Chromium here, and this user cannot install it.', remedy);
  log(`using ${browser.version} at ${browser.executable}`);
  return browser;
}

/**
 * @param {Browser} browser
 * @returns {Record<string, string>} what tells the tests of it
 */
export function environmentFor({ executable }) {
  return { [browserVariable]: executable };
}
