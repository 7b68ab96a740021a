// @ts-check
import { packageManager } from './repository.mjs';
import { runTool } from './run-tool.mjs';

const buildTimeoutMs = 300_000;

/**
 * Compiles every package into its `dist`. What did not change comes from turbo's cache.
 *
 * @param {{ signal: AbortSignal, only?: readonly string[] }} options `only`: these packages, and what they are built on
 */
export async function buildPackages({ signal, only = [] }) {
  // Turbo looks for the package manager on the search path, where npx puts it.
  const turbo = ['turbo', 'run', 'build', '--output-logs=errors-only', '--ui=stream', ...only.map((name) => `--filter=${name}`)];
  await runTool(['npx', '--yes', packageManager(), 'exec', ...turbo], { timeoutMs: buildTimeoutMs, signal });
}
