// @ts-check
import { runCommand } from '../engine/command.mjs';
import { repositoryRoot } from './repository.mjs';

/** What every tool of ours is told: no telemetry, no advertisement of newer versions, no colours in captured output. */
const quietEnvironment = {
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  NO_COLOR: '1',
  npm_config_loglevel: 'error',
  npm_config_update_notifier: 'false',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
};

/** A tool ended with an exit code other than 0. Its output says why. */
export class ToolFailedError extends Error {
  /**
   * @param {string} command
   * @param {number | null} exitCode
   * @param {string} output
   */
  constructor(command, exitCode, output) {
    super(`\`${command}\` ended with exit code ${exitCode}`);
    this.name = 'ToolFailedError';
    this.output = output;
  }
}

/**
 * @typedef {object} ToolOptions
 * @property {number} timeoutMs
 * @property {AbortSignal | undefined} [signal]
 * @property {Record<string, string>} [env] added to this process's own
 * @property {string} [cwd] the clone when absent
 * @property {(text: string) => void} [onOutput] receives both output streams as they come
 */

/**
 * Runs a program whatever its exit code.
 *
 * @param {readonly [string, ...string[]]} argv
 * @param {ToolOptions} options
 */
export function runProgram([program, ...args], { env, cwd = repositoryRoot, ...options }) {
  return runCommand(program, args, { ...options, cwd, env: { ...quietEnvironment, ...env } });
}

/**
 * Runs a program that is expected to succeed.
 *
 * @param {readonly [string, ...string[]]} argv
 * @param {ToolOptions} options
 * @returns {Promise<string>} its standard output
 * @throws {ToolFailedError}
 */
export async function runTool(argv, options) {
  const { exitCode, stdout, stderr } = await runProgram(argv, options);
  if (exitCode !== 0) throw new ToolFailedError(argv.join(' '), exitCode, `${stdout}${stderr}`);
  return stdout;
}
