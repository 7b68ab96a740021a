// @ts-check
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { repositoryRoot } from '../setup/repository.mjs';
import { runTool } from '../setup/run-tool.mjs';

const program = path.join(repositoryRoot, 'packages', 'cli', 'dist', 'main.js');
const quickTimeoutMs = 60_000;
/** A trial of the embedded provider takes some ten seconds. */
const trialTimeoutMs = 300_000;
/** Any of these says where the key of the secrets is. */
const keyVariables = ['SANDPORT_MASTER_KEY', 'SANDPORT_MASTER_KEY_FILE', 'SANDPORT_MASTER_KEY_COMMAND'];

/**
 * @param {string} settingsFile
 * @param {readonly string[]} words
 * @param {{ timeoutMs?: number, signal: AbortSignal }} limits
 */
function sandport(settingsFile, words, { timeoutMs = quickTimeoutMs, signal }) {
  return runTool([process.execPath, program, '--settings', settingsFile, ...words], { timeoutMs, signal });
}

/**
 * Makes sure of a file of settings with a key for its secrets. Where nobody has stored a configuration yet, code then runs in the embedded sandbox. What is stored already is left alone.
 *
 * @param {object} options
 * @param {string} options.folder is made where there is none, for its owner only
 * @param {AbortSignal} options.signal
 * @param {Readonly<Record<string, string | undefined>>} [options.environment]
 * @returns {Promise<{ settingsFile: string, isNew: boolean }>}
 */
export async function prepareSettings({ folder, signal, environment = process.env }) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const settingsFile = path.join(folder, 'settings.sqlite');
  const hasKey = existsSync(`${settingsFile}.key`) || keyVariables.some((name) => (environment[name] ?? '') !== '');
  if (!hasKey) await sandport(settingsFile, ['secrets', 'create-key'], { signal });
  await sandport(settingsFile, ['settings', 'migrate'], { signal });
  /** @type {{ versions: unknown[] }} */
  const { versions } = JSON.parse(await sandport(settingsFile, ['config', 'history', '--json'], { signal }));
  if (versions.length > 0) return { settingsFile, isNew: false };
  // Tried it is when the page is up: nobody has to wait for that.
  const history = ['--author', 'npm start', '--reason', 'Nobody had chosen a provider yet.'];
  await sandport(settingsFile, ['config', 'use', 'wasm', '--no-test', ...history], { signal });
  return { settingsFile, isNew: true };
}

/**
 * Tries what is in use, and keeps what was measured as its passport.
 *
 * @param {{ settingsFile: string, signal: AbortSignal }} options
 * @throws {import('../setup/run-tool.mjs').ToolFailedError} when it does not pass
 */
export async function tryWhatIsInUse({ settingsFile, signal }) {
  await sandport(settingsFile, ['config', 'test'], { timeoutMs: trialTimeoutMs, signal });
}
