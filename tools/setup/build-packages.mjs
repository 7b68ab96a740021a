// @ts-check
import { toolPath } from './repository.mjs';
import { runTool } from './run-tool.mjs';

const buildTimeoutMs = 300_000;

/**
 * Compiles every package into its `dist`. What did not change comes from turbo's cache.
 *
 * @param {{ signal: AbortSignal }} options
 */
export async function buildPackages({ signal }) {
  await runTool([toolPath('turbo'), 'run', 'build', '--output-logs=errors-only', '--ui=stream'], { timeoutMs: buildTimeoutMs, signal });
}
