// @ts-check
import { existsSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../setup/repository.mjs';
import { runTool } from '../setup/run-tool.mjs';

const installTimeoutMs = 300_000;

/**
 * Gets the newest release of a Node major from the npm registry, which needs no other download site.
 *
 * @param {number} major
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the program
 */
export async function ensureNode(major, signal) {
  const folder = path.join(repositoryRoot, 'node_modules', '.cache', `node-${major}`);
  const program = path.join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(program)) {
    await runTool(['npm', 'install', '--no-save', '--prefix', folder, `node@${major}`], { timeoutMs: installTimeoutMs, signal });
  }
  const version = await runTool([program, '--version'], { timeoutMs: 10_000, signal });
  if (!version.startsWith(`v${major}.`)) throw new Error(`${program} is Node ${version.trim()}, not ${major}`);
  return program;
}
