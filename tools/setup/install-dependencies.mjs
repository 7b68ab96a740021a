// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listWorkspacePackages, packageManager, repositoryRoot } from './repository.mjs';
import { runTool } from './run-tool.mjs';

const stampFile = path.join(repositoryRoot, 'node_modules', '.sandport-installed');
const installTimeoutMs = 600_000;

/** @returns {string} changes with everything that decides what is installed */
function fingerprint() {
  const hash = createHash('sha256');
  const manifests = listWorkspacePackages().map(({ folder }) => path.join(folder, 'package.json'));
  for (const name of ['.pnpmfile.cjs', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    manifests.push(path.join(repositoryRoot, name));
  for (const file of manifests) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * Installs what the lockfile says, unless that was done already. Needs nothing but Node and npm.
 *
 * @param {{ log: (line: string) => void, signal: AbortSignal }} options
 */
export async function installDependencies({ log, signal }) {
  const wanted = fingerprint();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) {
    log('already installed');
    return;
  }
  await runTool(['npx', '--yes', packageManager(), 'install', '--frozen-lockfile', '--reporter=silent'], {
    timeoutMs: installTimeoutMs,
    signal,
  });
  writeFileSync(stampFile, wanted);
}
