// @ts-check
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { untilAborted, withDeadline } from './deadline.mjs';
import { EngineUnavailableError } from './errors.mjs';
import { startHelper } from './helper-process.mjs';
import { missingPackages } from './missing-programs.mjs';
import { isDebianFamily, readOsRelease } from './os-release.mjs';

const installTimeoutMs = 20 * 60_000;
/** Longer than the installer's own deadline for the step that it does not break off. */
const stopTimeoutMs = 6 * 60_000;
const installer = fileURLToPath(new URL('install-packages.mjs', import.meta.url));
const lockFolder = '/run/lock';

/**
 * Installs what a private engine needs and this machine lacks.
 *
 * @param {{ log: (line: string) => void, signal?: AbortSignal | undefined, requireGvisor: boolean }} options
 */
export async function ensurePackages({ log, signal, requireGvisor }) {
  const missing = await missingPackages({ requireGvisor });
  if (missing.length === 0) return;
  if (!isDebianFamily(await readOsRelease())) {
    // A base image can be pulled there (mmdebstrap is for machines that reach no container registry), and Podman is only for tests.
    if (missing.every((name) => name === 'mmdebstrap' || name === 'podman')) return;
    throw new EngineUnavailableError(
      `There is no usable Docker engine, and without ${missing.join(', ')} none can be started here.`,
      'Install Docker and gVisor (register the runtime with `runsc install`), start Docker, and try again.',
    );
  }
  const failure = await runInstaller([installer, ...(requireGvisor ? ['--gvisor'] : [])], { log, signal });
  if (failure !== undefined) throw new EngineUnavailableError(failure.message, failure.remedy);
}

/**
 * Runs a program that installs packages and tells of it by messages, to its end whatever becomes of this process.
 *
 * @param {readonly string[]} script a module with its arguments
 * @param {{ log: (line: string) => void, signal?: AbortSignal | undefined }} options
 * @returns {Promise<{ message: string, remedy: string } | undefined>} why it failed, in its own words
 */
export async function runInstaller(script, { log, signal }) {
  await mkdir(lockFolder, { recursive: true });
  /** @type {{ message: string, remedy: string } | undefined} */
  let failure;
  const helper = startHelper({
    // One installation at a time: the second one waits, and finds less left to do, or nothing.
    program: 'flock',
    args: ['--no-fork', path.join(lockFolder, 'sandport-engine-packages'), process.execPath, ...script],
    onMessage: (message) => {
      if (message.event === 'progress') log(message.text);
      if (message.event === 'failed') failure = message;
    },
  });
  const { exitCode, complaints } = await untilInstalled(helper, { log, signal });
  if (failure === undefined && exitCode !== 0) throw new Error(`the package installer ended with exit code ${exitCode}: ${complaints}`);
  return failure;
}

/**
 * @param {import('./helper-process.mjs').HelperProcess} helper
 * @param {{ log: (line: string) => void, signal?: AbortSignal | undefined }} options
 */
async function untilInstalled(helper, { log, signal }) {
  try {
    const limits = { what: 'installing packages', timeoutMs: installTimeoutMs, signal };
    return await withDeadline(limits, (deadline) => untilAborted(helper.ended, deadline));
  } catch (error) {
    log('stopping the installation (packages that are being unpacked are finished first)');
    helper.interrupt();
    const limits = { what: 'stopping the installation of packages', timeoutMs: stopTimeoutMs };
    await withDeadline(limits, (deadline) => untilAborted(helper.ended, deadline));
    throw error;
  }
}
