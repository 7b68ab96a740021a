// @ts-check
import { execFile } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { RUNTIMES } from '../measure/runtimes.mjs';

/** @import { Figures } from './figures-document.mjs' */

const run = promisify(execFile);
const ANSWER_MS = 10_000;

/**
 * What the figures depend on.
 *
 * @param {{ needsEngine: boolean }} options
 * @returns {Promise<Figures['machine']>}
 */
export async function describeMachine({ needsEngine }) {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGib: Math.round(totalmem() / 2 ** 30),
    // What a builder of kernels appends says nothing to others.
    kernel: /^[\d.]+/.exec(release())?.[0] ?? release(),
    node: process.version,
    python: await firstLineOf('python3', ['-I', '-c', 'import platform; print(platform.python_version())']),
    loadAtStart: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    engine: needsEngine ? await describeEngine() : null,
  };
}

/** @returns {Promise<Figures['machine']['engine']>} */
async function describeEngine() {
  const info = await new Docker({ timeout: ANSWER_MS }).info();
  const runtime = info.Runtimes?.[RUNTIMES.gvisor];
  const gvisor = runtime?.path === undefined ? null : await firstLineOf(runtime.path, ['--version']);
  return {
    version: info.ServerVersion,
    storage: info.Driver,
    cgroup: `v${info.CgroupVersion ?? '1'}`,
    gvisor: gvisor?.replace(/^runsc version /, '') ?? null,
  };
}

/** The first line that a program writes; nothing where it is not on this machine, as beside a remote engine. @param {string} program @param {string[]} args */
async function firstLineOf(program, args) {
  try {
    const { stdout } = await run(program, args, { timeout: ANSWER_MS });
    return stdout.trim().split('\n')[0] ?? null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
