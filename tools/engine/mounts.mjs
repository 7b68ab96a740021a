// @ts-check
import { readFile } from 'node:fs/promises';
import { runCommand } from './command.mjs';

/**
 * @typedef {{ mountPoint: string, fileSystem: string, superOptions: string[] }} Mount
 */

/**
 * @param {string} text the content of /proc/self/mountinfo
 * @returns {Mount[]} in the order in which they were mounted
 */
export function parseMountInfo(text) {
  /** @type {Mount[]} */
  const mounts = [];
  for (const line of text.split('\n')) {
    const [left, right] = line.split(' - ');
    if (left === undefined || right === undefined) continue;
    const mountPoint = left.split(' ')[4] ?? '';
    const [fileSystem = '', , superOptions = ''] = right.split(' ');
    // The kernel writes white space and backslashes in names as octal numbers.
    const decoded = mountPoint.replace(/\\([0-7]{3})/g, (_match, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
    mounts.push({ mountPoint: decoded, fileSystem, superOptions: superOptions.split(',') });
  }
  return mounts;
}

/** @returns {Promise<Mount[]>} */
export async function readMounts() {
  return parseMountInfo(await readFile('/proc/self/mountinfo', 'utf8'));
}

/**
 * @param {string} candidate
 * @param {string} folder
 */
export const isWithin = (candidate, folder) => candidate === folder || candidate.startsWith(`${folder}/`);

/**
 * Unmounts everything at or below the folders, the innermost first.
 *
 * @param {readonly string[]} folders
 * @returns {Promise<string[]>} mount points that would not go
 */
export async function unmountBelow(folders) {
  const mounts = (await readMounts()).filter(({ mountPoint }) => folders.some((folder) => isWithin(mountPoint, folder)));
  /** @type {string[]} */
  const remaining = [];
  for (const { mountPoint } of mounts.reverse()) {
    const plain = await runCommand('umount', [mountPoint], { timeoutMs: 10_000 });
    if (plain.exitCode === 0) continue;
    // A mount that is still in use disappears from view at once, and for good with its last user.
    const lazy = await runCommand('umount', ['--lazy', mountPoint], { timeoutMs: 10_000 });
    if (lazy.exitCode !== 0) remaining.push(mountPoint);
  }
  return remaining;
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<void>}
 */
export async function mount(args) {
  const { exitCode, stderr } = await runCommand('mount', args, { timeoutMs: 10_000 });
  if (exitCode !== 0) throw new Error(`\`mount ${args.join(' ')}\` failed: ${stderr.trim()}`);
}
