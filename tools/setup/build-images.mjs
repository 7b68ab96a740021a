// @ts-check
import path from 'node:path';
import { repositoryRoot } from './repository.mjs';
import { runTool } from './run-tool.mjs';

const buildTimeoutMs = 900_000;

/**
 * Builds the base images with the product's own command. Images that exist already are left as they are.
 *
 * @param {{ dockerHost: string, profile: string, log: (line: string) => void, signal: AbortSignal }} options
 */
export async function buildImages({ dockerHost, profile, log, signal }) {
  const program = path.join(repositoryRoot, 'packages', 'cli', 'dist', 'main.js');
  const output = await runTool([process.execPath, program, 'images', 'build', '--profile', profile], {
    timeoutMs: buildTimeoutMs,
    signal,
    env: { DOCKER_HOST: dockerHost },
  });
  for (const line of output.trim().split('\n').slice(-4)) log(line);
}
