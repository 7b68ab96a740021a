// @ts-check
import { packageManager } from './repository.mjs';
import { runTool } from './run-tool.mjs';

const buildTimeoutMs = 300_000;

/**
 * Compiles every package into its `dist`. What did not change comes from turbo's cache.
 *
 * @param {{ signal: AbortSignal }} options
 */
export async function buildPackages({ signal }) {
  // Turbo looks for the package manager on the search path, where npx puts it.
  const turbo = ['turbo', 'run', 'build', '--output-logs=errors-only', '--ui=stream'];
  await runTool(['npx', '--yes', packageManager(), 'exec', ...turbo], { timeoutMs: buildTimeoutMs, signal });
}
