// @ts-check
import { BrowserUnavailableError, ensureBrowser, environmentFor } from '../browser/index.mjs';
import { messageOf } from '../engine/errors.mjs';
import { withProgress } from '../setup/progress.mjs';

/**
 * @typedef {{ state: 'ready', env: Record<string, string> }
 *   | { state: 'unavailable', problem: string }
 *   | { state: 'broken', problem: string }} TestBrowser
 */

/**
 * Makes sure of a browser. It never rejects: without one there is still much that can be tested.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<TestBrowser>}
 */
export async function openTestBrowser(signal) {
  try {
    return { state: 'ready', env: environmentFor(await withProgress('browser', (log) => ensureBrowser({ log, signal }))) };
  } catch (error) {
    const problem = messageOf(error);
    return error instanceof BrowserUnavailableError ? { state: 'unavailable', problem } : { state: 'broken', problem };
  }
}
