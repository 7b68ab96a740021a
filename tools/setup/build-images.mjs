// @ts-check
import path from 'node:path';
import { splitLines } from './progress.mjs';
import { repositoryRoot } from './repository.mjs';
import { runTool } from './run-tool.mjs';

const buildTimeoutMs = 900_000;
/** Of the many lines that package managers print into a build, the ones that tell how far it is. */
const milestone = / Step \d+\/\d+ | built in | up to date|pull/;
const noSettingsFile = path.join(repositoryRoot, 'node_modules', '.no-settings.sqlite');

/**
 * Builds the base images with the product's own command. Images that exist already are left as they are.
 *
 * @param {{ dockerHost: string, profile: string, log: (line: string) => void, signal: AbortSignal }} options
 */
export async function buildImages({ dockerHost, profile, log, signal }) {
  const program = path.join(repositoryRoot, 'packages', 'cli', 'dist', 'main.js');
  const lines = splitLines((line) => {
    if (milestone.test(line)) log(line.slice(0, 120));
  });
  await runTool([process.execPath, program, 'images', 'build', '--profile', profile], {
    timeoutMs: buildTimeoutMs,
    signal,
    // Whatever this machine's user has stored says nothing about the engine that is meant here.
    env: { DOCKER_HOST: dockerHost, SANDPORT_SETTINGS: noSettingsFile },
    onOutput: (text) => lines.write(text),
  });
  lines.end();
}
