// @ts-check
import path from 'node:path';
import { listPublishedPackages } from '../setup/repository.mjs';
import { runTool } from '../setup/run-tool.mjs';
import { LocalRegistry } from './local-registry.mjs';
import { packedPackages } from './packed-packages.mjs';

/**
 * A registry in which every package of this clone is published, and through which every other is found. The packages must have been built.
 *
 * @param {{ signal: AbortSignal }} options
 * @returns {Promise<{ registry: LocalRegistry, tarballs: string[], environment: Record<string, string> }>} `environment`: with it, what somebody types who follows a guide
 *   (`npm install`, `npm create`, `pnpm add`, `yarn add`) installs these packages. Close the registry when it is no longer needed.
 */
export async function openPackedRegistry({ signal }) {
  const [{ tarballs, clientsFolder }, upstreamUrl] = await Promise.all([packedPackages({ signal }), configuredRegistry(signal)]);
  const registry = await LocalRegistry.open({ names: publishedNames(), tarballs, upstreamUrl });
  const environment = {
    ...registry.environment,
    npm_config_cache: path.join(clientsFolder, 'npm'),
    // What somebody answers who is asked whether "npm create" may fetch the package.
    npm_config_yes: 'true',
    YARN_CACHE_FOLDER: path.join(clientsFolder, 'yarn'),
    YARN_GLOBAL_FOLDER: path.join(clientsFolder, 'yarn-global'),
    YARN_ENABLE_TELEMETRY: '0',
  };
  return { registry, tarballs, environment };
}

/** @returns {string[]} the names of all packages that are published from this clone */
export function publishedNames() {
  return listPublishedPackages().map(({ manifest }) => manifest.name);
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the registry that npm is told to use outside of any project
 */
export async function configuredRegistry(signal) {
  return (await runTool(['npm', 'config', 'get', 'registry'], { timeoutMs: 30_000, signal })).trim();
}
