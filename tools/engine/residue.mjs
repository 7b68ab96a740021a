// @ts-check
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { cgroupRoot } from './cgroups.mjs';
import { sendSignal } from './command.mjs';
import { waitFor } from './deadline.mjs';
import { codeOf } from './errors.mjs';

const pollIntervalMs = 50;

/** It has ended meanwhile, or it is one that even root may not look into, and so none that we started. */
const unreadable = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];

/**
 * Reads about a process that may end at any moment.
 *
 * @template T
 * @param {() => T} read
 * @returns {T | null} null when there is nothing to read
 */
function ifReadable(read) {
  try {
    return read();
  } catch (error) {
    if (unreadable.includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

/**
 * All processes of this engine. The daemon, its containerd and their shims share the mount namespace that was made for
 * the guardian; what runs in the containers has namespaces of its own, but sits below our control group.
 *
 * @param {string} cgroupParent
 * @returns {number[]}
 */
function engineProcesses(cgroupParent) {
  const ownNamespace = readlinkSync('/proc/self/ns/mnt');
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => {
    if (pid === process.pid || isZombie(pid)) return false;
    if (ifReadable(() => readlinkSync(`/proc/${pid}/ns/mnt`)) === ownNamespace) return true;
    return (ifReadable(() => readFileSync(`/proc/${pid}/cgroup`, 'utf8')) ?? '').includes(`/${cgroupParent}/`);
  });
}

/**
 * A dead process that nobody has asked about yet holds nothing and cannot be killed.
 *
 * @param {number} pid
 */
function isZombie(pid) {
  const stat = ifReadable(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name in parentheses may hold any character.
  return stat === null || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

/**
 * @param {string} cgroupParent
 * @param {{ termGraceMs: number, killGraceMs: number }} limits
 * @returns {Promise<number[]>} processes that would not go
 */
export async function endEngineProcesses(cgroupParent, { termGraceMs, killGraceMs }) {
  const noneLeft = () => engineProcesses(cgroupParent).length === 0;
  for (const pid of engineProcesses(cgroupParent)) sendSignal(pid, 'SIGTERM');
  if (await waitFor(noneLeft, { timeoutMs: termGraceMs, intervalMs: pollIntervalMs })) return [];
  for (const pid of engineProcesses(cgroupParent)) sendSignal(pid, 'SIGKILL');
  await waitFor(noneLeft, { timeoutMs: killGraceMs, intervalMs: pollIntervalMs });
  return engineProcesses(cgroupParent);
}

/**
 * Removes the engine's control groups from every hierarchy.
 *
 * @param {string} cgroupParent
 * @returns {Promise<string[]>} those that would not go
 */
export async function removeCgroups(cgroupParent) {
  const hierarchies = await readdir(cgroupRoot, { withFileTypes: true });
  const roots = [cgroupRoot, ...hierarchies.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(cgroupRoot, name))];
  /** @type {string[]} */
  const remaining = [];
  for (const root of roots) await removeGroup(path.join(root, cgroupParent), remaining);
  return remaining;
}

/**
 * @param {string} folder
 * @param {string[]} remaining
 */
async function removeGroup(folder, remaining) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries) if (entry.isDirectory()) await removeGroup(path.join(folder, entry.name), remaining);
    await rmdir(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') remaining.push(folder);
  }
}
