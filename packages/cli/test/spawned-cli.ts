import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE_FOLDER = fileURLToPath(new URL('..', import.meta.url));
const COMPILER = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));

/** The command as it is published. */
export const REAL_CLI = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** The same over a provider that needs nothing installed. */
export const FAKE_CLI = fileURLToPath(new URL('fake-cli.mjs', import.meta.url));

/** Brings the built command up to date with the sources. */
export async function buildCli(): Promise<void> {
  await promisify(execFile)(process.execPath, [COMPILER, '-b', PACKAGE_FOLDER]);
}

/** Starts the command as a process of its own. Of the test's environment it gets the address of the engine and nothing else. */
export function startCli(program: string, words: readonly string[], settingsPath: string) {
  const { PATH, DOCKER_HOST } = process.env;
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH, DOCKER_HOST, HOME: '/nonexistent', SANDPORT_SETTINGS: settingsPath },
    stdio: 'pipe',
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = once(child, 'close').then(() => ({ ...output, exitCode: child.exitCode, signal: child.signalCode }));
  return { child, output, ended };
}

/** Runs the command to its end. */
export function runSpawned(program: string, words: readonly string[], settingsPath: string, input = '') {
  const { child, ended } = startCli(program, words, settingsPath);
  child.stdin.end(input);
  return ended;
}
