// @ts-check
/**
 * `npm run demo`: from a clean clone to code that ran in the embedded sandbox, in both languages, through the stored configuration; and in gVisor, where a Docker engine with it can be
 * reached. `npm run demo:docker`: in gVisor, on an engine that is made where there is none.
 */
import { EngineUnavailableError, ensureEngine, findEngine } from './engine/index.mjs';
import { buildImages } from './setup/build-images.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { withProgress, writeLine } from './setup/progress.mjs';
import { ToolFailedError } from './setup/run-tool.mjs';

/**
 * @param {{ engine: 'make' | 'find', signal: AbortSignal }} options
 * @returns {Promise<number>} the exit code
 */
async function demonstrate({ engine, signal }) {
  await withProgress('install dependencies', (log) => installDependencies({ log, signal }));
  await withProgress('build packages', () => buildPackages({ signal }));
  // Only now do the packages exist that it imports.
  const { runDemo } = await import('./demo/run-demo.mjs');
  const isGood = engine === 'make' ? await demonstrateMadeEngine(runDemo, signal) : await demonstrateEmbedded(runDemo, signal);
  writeLine(isGood ? '\nAll programs gave what they should.' : '\nNOT what the programs should have given.');
  return isGood ? 0 : 1;
}

/** @typedef {typeof import('./demo/run-demo.mjs').runDemo} RunDemo */

/** @param {RunDemo} runDemo @param {AbortSignal} signal */
async function demonstrateEmbedded(runDemo, signal) {
  const isGood = await runDemo({ choice: { id: 'wasm', config: {} }, log: writeLine, signal });
  const { engine } = await findEngine({ signal });
  if (engine?.hasGvisor !== true) {
    writeLine('\nNo Docker engine with gVisor can be reached: `npm run demo:docker` makes one and shows the same there.');
    return isGood;
  }
  writeLine(`\nThe same on the Docker engine at ${engine.dockerHost}, in gVisor. Only the stored rows differ.`);
  return (await demonstrateDocker(runDemo, engine.dockerHost, signal)) && isGood;
}

/** @param {RunDemo} runDemo @param {AbortSignal} signal */
async function demonstrateMadeEngine(runDemo, signal) {
  const engine = await withProgress('docker engine with gVisor', (log) => ensureEngine({ log, signal }));
  try {
    return await demonstrateDocker(runDemo, engine.dockerHost, signal);
  } finally {
    await engine.stop();
  }
}

/** @param {RunDemo} runDemo @param {string} dockerHost @param {AbortSignal} signal */
async function demonstrateDocker(runDemo, dockerHost, signal) {
  await withProgress('base images', (log) => buildImages({ dockerHost, profile: 'minimal', log, signal }));
  return runDemo({ choice: { id: 'docker', config: { dockerHost } }, log: writeLine, signal });
}

process.exitCode = await withInterruption(async (signal) => {
  try {
    return await demonstrate({ engine: process.argv.includes('--docker') ? 'make' : 'find', signal });
  } catch (error) {
    if (!(error instanceof ToolFailedError || error instanceof EngineUnavailableError)) throw error;
    if (error instanceof ToolFailedError) writeLine(error.output);
    writeLine(error.message);
    return 1;
  }
});
