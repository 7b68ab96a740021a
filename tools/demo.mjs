// @ts-check
/** `npm run demo`: from a clean clone to code that ran in a sandbox, in both languages, through the stored configuration. */
import { EngineUnavailableError, ensureEngine } from './engine/index.mjs';
import { buildImages } from './setup/build-images.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { withProgress, writeLine } from './setup/progress.mjs';
import { ToolFailedError } from './setup/run-tool.mjs';

/**
 * @param {AbortSignal} signal
 * @returns {Promise<number>} the exit code
 */
async function demonstrate(signal) {
  await withProgress('install dependencies', (log) => installDependencies({ log, signal }));
  await withProgress('build packages', () => buildPackages({ signal }));
  const engine = await withProgress('docker engine with gVisor', (log) => ensureEngine({ log, signal }));
  try {
    const { dockerHost } = engine;
    await withProgress('base images', (log) => buildImages({ dockerHost, profile: 'minimal', log, signal }));
    // Only now do the packages exist that it imports.
    const { runDemo } = await import('./demo/run-demo.mjs');
    const isGood = await runDemo({ dockerHost, log: writeLine, signal });
    writeLine(isGood ? '\nBoth programs gave what they should.' : '\nNOT what the programs should have given.');
    return isGood ? 0 : 1;
  } finally {
    await engine.stop();
  }
}

process.exitCode = await withInterruption(async (signal) => {
  try {
    return await demonstrate(signal);
  } catch (error) {
    if (!(error instanceof ToolFailedError || error instanceof EngineUnavailableError)) throw error;
    if (error instanceof ToolFailedError) writeLine(error.output);
    writeLine(error.message);
    return 1;
  }
});
