// @ts-check
import { appendFile } from 'node:fs/promises';
import { parseCandidates } from './apt-sources.mjs';
import { runCommand } from './command.mjs';

/** `LC_ALL=C`: the answers are parsed. */
const environment = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

const lockWaitSeconds = 120;
const commonOptions = [`-oDPkg::Lock::Timeout=${lockWaitSeconds}`, '-oDpkg::Use-Pty=0', '-oAcquire::Retries=3'];

/**
 * @typedef {object} AptContext
 * @property {string} logFile receives the full output of every command
 * @property {AbortSignal | undefined} [signal]
 * @property {(line: string) => void} [onLine] receives the lines of output
 * @property {readonly string[]} [options] `-o…` options for other sources than the machine's own
 * @property {string} [cwd]
 */

/**
 * @param {'apt-get' | 'apt-cache'} program
 * @param {readonly string[]} args
 * @param {AptContext & { timeoutMs: number }} context
 * @returns {Promise<string>} standard output
 */
async function run(program, args, { logFile, signal, onLine, options = [], cwd, timeoutMs }) {
  await appendFile(logFile, `\n$ ${[program, ...options, ...args].join(' ')}\n`);
  const { exitCode, stdout, stderr } = await runCommand(program, [...commonOptions, ...options, ...args], {
    timeoutMs,
    signal,
    env: environment,
    ...(cwd === undefined ? {} : { cwd }),
    onOutput: (text) => {
      for (const line of text.split('\n')) if (line.trim() !== '') onLine?.(line);
    },
  });
  await appendFile(logFile, `${stdout}${stderr}`);
  if (exitCode !== 0) throw new AptError(`${program} ${args.join(' ')} ended with exit code ${exitCode}`);
  return stdout;
}

export class AptError extends Error {}

/** @param {AptContext} context */
export function updateIndexes(context) {
  return run('apt-get', ['update'], { ...context, timeoutMs: 180_000 });
}

/**
 * @param {readonly string[]} names
 * @param {AptContext} context
 */
export async function candidateVersions(names, context) {
  return parseCandidates(await run('apt-cache', ['policy', ...names], { ...context, timeoutMs: 30_000 }));
}

/** @param {AptContext} context */
export function indexTargets(context) {
  return run('apt-get', ['indextargets'], { ...context, timeoutMs: 30_000 });
}

/**
 * Puts one package's file into the current folder.
 *
 * @param {string} nameAndVersion
 * @param {AptContext} context
 */
export function downloadPackage(nameAndVersion, context) {
  return run('apt-get', ['download', nameAndVersion], { ...context, timeoutMs: 180_000 });
}

/**
 * @param {readonly string[]} packages names, or paths of package files
 * @param {AptContext} context
 */
export async function installPackages(packages, context) {
  const install = ['install', '--yes', '--no-install-recommends', '-oDpkg::Options::=--force-confold'];
  await run('apt-get', [...install, '--download-only', ...packages], { ...context, timeoutMs: 600_000 });
  // Unpacking is not given the signal: a package database cut off in the middle needs an administrator to mend it.
  context.signal?.throwIfAborted();
  await run('apt-get', [...install, ...packages], { ...context, signal: undefined, timeoutMs: 300_000 });
}
