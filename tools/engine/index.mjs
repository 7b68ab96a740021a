// @ts-check
/**
 * A Docker engine with gVisor for tests and demonstrations: the one that is there, or a private one that is started for
 * the purpose and ends with its user.
 */
import { ensureCgroups } from './cgroups.mjs';
import { removeAbandonedFolders } from './engine-folders.mjs';
import { EngineUnavailableError } from './errors.mjs';
import { findEngine } from './find-engine.mjs';
import { ensurePackages } from './packages.mjs';
import { startPrivateEngine } from './private-engine.mjs';

export { EngineUnavailableError, findEngine };

/**
 * @typedef {object} Engine
 * @property {string} dockerHost `unix:///…`, fit for the environment variable DOCKER_HOST
 * @property {boolean} isPrivate whether it was started for this caller
 * @property {boolean} hasGvisor whether it has a runtime named `runsc`
 * @property {() => Promise<void>} stop takes a private engine down with all that runs in it; leaves any other alone
 *
 * @typedef {object} EnsureEngineOptions
 * @property {(line: string) => void} log receives what happens, line by line
 * @property {AbortSignal} [signal]
 * @property {boolean} [preferPrivate] start a private engine even where there is another
 * @property {boolean} [requireGvisor] accept only an engine that has gVisor
 */

/**
 * @param {EnsureEngineOptions} options
 * @returns {Promise<Engine>}
 */
export async function ensureEngine({ log, signal, preferPrivate = false, requireGvisor = true }) {
  signal?.throwIfAborted();
  if (!preferPrivate) {
    const found = await findEngine({ signal });
    if (found.engine !== null && (found.engine.hasGvisor || !requireGvisor)) {
      const { dockerHost, hasGvisor, serverVersion } = found.engine;
      log(`using the Docker engine ${serverVersion} at ${dockerHost}`);
      return { dockerHost, hasGvisor, isPrivate: false, stop: async () => undefined };
    }
    const reason = found.engine === null ? found.reason : `the engine at ${found.engine.dockerHost} has no runtime "runsc"`;
    refuseUnlessRoot(reason);
    log(`no Docker engine to use (${reason}): starting a private one`);
  } else {
    refuseUnlessRoot('a private one was asked for');
  }
  await ensurePackages({ log, signal, requireGvisor });
  await ensureCgroups({ log });
  await removeAbandonedFolders({ log });
  const startedAt = performance.now();
  const engine = await startPrivateEngine({ log, signal });
  log(`a private Docker engine is up at ${engine.dockerHost} (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`);
  return engine;
}

/** @param {string} reason */
function refuseUnlessRoot(reason) {
  if (process.platform === 'linux' && process.getuid?.() === 0) return;
  throw new EngineUnavailableError(
    `There is no Docker engine with gVisor to use (${reason}), and only root on Linux can start one here.`,
    'Install Docker and gVisor, register gVisor with `sudo runsc install`, restart Docker, and make sure that your user may ' +
      'use it; or run this as root on Debian or Ubuntu.',
  );
}
