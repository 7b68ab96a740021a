// @ts-check
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { listPublishedPackages, packageManager } from './repository.mjs';
import { runTool } from './run-tool.mjs';

const packTimeoutMs = 180_000;

/**
 * Packs every published package as the registry would receive it. The packages must have been built.
 *
 * @param {{ folder: string, signal: AbortSignal }} options `folder` receives the tarballs
 * @returns {Promise<string[]>} the tarballs
 */
export async function packPackages({ folder, signal }) {
  const filters = listPublishedPackages().flatMap(({ manifest }) => ['--filter', manifest.name]);
  await runTool(['npx', '--yes', packageManager(), '--recursive', ...filters, 'pack', '--pack-destination', folder], {
    timeoutMs: packTimeoutMs,
    signal,
  });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .toSorted()
    .map((name) => path.join(folder, name));
}
