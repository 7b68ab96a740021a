// @ts-check
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { listPublishedPackages, packageManager } from './repository.mjs';
import { runTool } from './run-tool.mjs';

const packTimeoutMs = 180_000;

/**
 * Packs published packages as the registry would receive them. They must have been built.
 *
 * @param {{ folder: string, signal: AbortSignal, names?: readonly string[] }} options `folder` receives the tarballs; without `names` every package is packed
 * @returns {Promise<string[]>} the tarballs
 */
export async function packPackages({ folder, signal, names = listPublishedPackages().map(({ manifest }) => manifest.name) }) {
  const filters = names.flatMap((name) => ['--filter', name]);
  await runTool(['npx', '--yes', packageManager(), '--recursive', ...filters, 'pack', '--pack-destination', folder], {
    timeoutMs: packTimeoutMs,
    signal,
  });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .toSorted()
    .map((name) => path.join(folder, name));
}
