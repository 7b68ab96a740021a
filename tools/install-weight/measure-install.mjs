// @ts-check
import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTool } from '../setup/run-tool.mjs';

const installTimeoutMs = 300_000;

/** What an agent installs: the client and one provider. */
export const INSTALLATIONS = /** @type {const} */ ({
  wasm: ['@sandport/client', '@sandport/provider-wasm'],
  docker: ['@sandport/client', '@sandport/provider-docker'],
});

/**
 * What an installation weighs.
 *
 * @typedef {object} InstallWeight
 * @property {number} packages that npm installed
 * @property {number} files
 * @property {number} bytes of all files together
 * @property {number} installMs
 */

/**
 * Installs packages into an empty folder with npm, weighs what is there, and takes it away.
 *
 * @param {{ packages: readonly string[], environment: Record<string, string>, signal: AbortSignal }} options `environment` says from where
 * @returns {Promise<InstallWeight>}
 */
export async function measureInstall({ packages, environment, signal }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-install-'));
  try {
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
    const startedAt = performance.now();
    await runTool(['npm', 'install', ...packages], { timeoutMs: installTimeoutMs, signal, cwd: folder, env: environment });
    const installMs = performance.now() - startedAt;
    return { ...(await weigh(path.join(folder, 'node_modules'))), installMs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @returns {Promise<Omit<InstallWeight, 'installMs'>>}
 */
async function weigh(folder) {
  const sum = { packages: 0, files: 0, bytes: 0 };
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) {
      const inside = path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep);
      if (isPackage(inside)) sum.packages += 1;
    } else {
      sum.files += 1;
      sum.bytes += (await lstat(path.join(entry.parentPath, entry.name))).size;
    }
  }
  return sum;
}

/** @param {readonly string[]} names of folders, from the outermost `node_modules` on */
function isPackage(names) {
  const own = names.slice(names.lastIndexOf('node_modules') + 1);
  const [first = ''] = own;
  return first.startsWith('@') ? own.length === 2 : own.length === 1 && !first.startsWith('.');
}
