// @ts-check
import { messageOf } from '../engine/errors.mjs';
import { EngineUnavailableError, ensureEngine } from '../engine/index.mjs';
import { buildImages } from '../setup/build-images.mjs';
import { withProgress, writeLine } from '../setup/progress.mjs';
import { ToolFailedError } from '../setup/run-tool.mjs';

/**
 * @typedef {Awaited<ReturnType<typeof ensureEngine>>} Engine
 *
 * @typedef {{ state: 'ready', engine: Engine }
 *   | { state: 'unavailable', problem: string }
 *   | { state: 'broken', problem: string }} TestEngine
 */

/**
 * Makes sure of an engine with the base images. It never rejects: without an engine there is still much that can be tested.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<TestEngine>}
 */
export async function openTestEngine(signal) {
  /** @type {Engine | undefined} */
  let engine;
  try {
    engine = await withProgress('docker engine with gVisor', (log) => ensureEngine({ log, signal }));
    const { dockerHost } = engine;
    await withProgress('base images', (log) => buildImages({ dockerHost, profile: 'all', log, signal }));
    return { state: 'ready', engine };
  } catch (error) {
    await engine?.stop();
    if (error instanceof EngineUnavailableError) return { state: 'unavailable', problem: error.message };
    if (error instanceof ToolFailedError) for (const line of error.output.trim().split('\n').slice(-40)) writeLine(`  ${line}`);
    return { state: 'broken', problem: messageOf(error) };
  }
}
