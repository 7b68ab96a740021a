// @ts-check
import { DatabasesUnavailableError, ensureDatabases, environmentFor } from '../databases/index.mjs';
import { messageOf } from '../engine/errors.mjs';
import { withProgress } from '../setup/progress.mjs';

/**
 * @typedef {{ state: 'ready', env: Record<string, string>, stop: () => Promise<void> }
 *   | { state: 'unavailable', problem: string }
 *   | { state: 'broken', problem: string }} TestDatabases
 */

/**
 * Makes sure of PostgreSQL and MariaDB. It never rejects: without them there is still much that can be tested.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<TestDatabases>}
 */
export async function openTestDatabases(signal) {
  try {
    const databases = await withProgress('databases', (log) => ensureDatabases({ log, signal }));
    return { state: 'ready', env: environmentFor(databases), stop: () => databases.stop() };
  } catch (error) {
    const problem = messageOf(error);
    return error instanceof DatabasesUnavailableError ? { state: 'unavailable', problem } : { state: 'broken', problem };
  }
}
