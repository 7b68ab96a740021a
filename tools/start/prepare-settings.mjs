// @ts-check
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { splitLines } from '../setup/progress.mjs';
import { repositoryRoot } from '../setup/repository.mjs';
import { runProgram, runTool, ToolFailedError } from '../setup/run-tool.mjs';

const quickTimeoutMs = 60_000;
/** A trial of the embedded provider takes some ten seconds. */
const trialTimeoutMs = 300_000;
/** Any of these says where the key of the secrets is. */
const keyVariables = ['SANDPORT_MASTER_KEY', 'SANDPORT_MASTER_KEY_FILE', 'SANDPORT_MASTER_KEY_COMMAND'];

const program = path.join(repositoryRoot, 'packages', 'cli', 'dist', 'main.js');

/**
 * @typedef {object} PrepareOptions
 * @property {string} folder is made where there is none, for its owner only
 * @property {(line: string) => void} log
 * @property {AbortSignal} signal
 * @property {Readonly<Record<string, string | undefined>>} [environment]
 */

/**
 * Makes sure of a file of settings with a key for its secrets. Where nobody has stored a configuration yet, code then runs in the embedded sandbox, once that has passed its trial. What is stored
 * already is left alone.
 *
 * @param {PrepareOptions} options
 * @returns {Promise<string>} the file
 */
export async function prepareSettings({ folder, log, signal, environment = process.env }) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const settingsFile = path.join(folder, 'settings.sqlite');
  /** @param {string[]} words */
  const command = (...words) => /** @type {const} */ ([process.execPath, program, '--settings', settingsFile, ...words]);
  const limits = { timeoutMs: quickTimeoutMs, signal };

  const hasKey = existsSync(`${settingsFile}.key`) || keyVariables.some((name) => (environment[name] ?? '') !== '');
  if (!hasKey) await runTool(command('secrets', 'create-key'), limits);
  await runTool(command('settings', 'migrate'), limits);
  async function readVersions() {
    /** @type {{ versions: unknown[] }} */
    const { versions } = JSON.parse(await runTool(command('config', 'history', '--json'), limits));
    return versions;
  }
  if ((await readVersions()).length > 0) return settingsFile;

  const lines = splitLines(log);
  const choice = command('config', 'use', 'wasm', '--author', 'npm start', '--reason', 'Nobody had chosen a provider yet.');
  const { exitCode, stdout, stderr } = await runProgram(choice, { timeoutMs: trialTimeoutMs, signal, onOutput: (text) => lines.write(text) });
  lines.end();
  if (exitCode === 0) return settingsFile;
  if ((await readVersions()).length === 0) throw new ToolFailedError(choice.join(' '), exitCode, `${stdout}${stderr}`);
  log('The embedded sandbox did not pass its trial, for the reason above. Its configuration is kept as a draft, and nothing is in use.');
  return settingsFile;
}
