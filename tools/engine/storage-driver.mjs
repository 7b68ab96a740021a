// @ts-check
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from './errors.mjs';
import { mount, unmountBelow } from './mounts.mjs';

/**
 * Tries what Docker's overlay2 driver does: two lower layers under a writable one. Copying whole layers (vfs) is slow and
 * large, but works on every file system, such as an overlay inside a container.
 *
 * @param {string} dataFolder
 * @returns {Promise<'overlay2' | 'vfs'>}
 */
export async function chooseStorageDriver(dataFolder) {
  const probe = await mkdtemp(path.join(dataFolder, 'overlay-probe-'));
  try {
    for (const name of ['lower1', 'lower2', 'upper', 'work', 'merged']) await mkdir(path.join(probe, name));
    const lower = `lowerdir=${probe}/lower1:${probe}/lower2`;
    await mount(['-t', 'overlay', '-o', `${lower},upperdir=${probe}/upper,workdir=${probe}/work`, 'overlay', `${probe}/merged`]);
    return 'overlay2';
  } catch (error) {
    process.stderr.write(`overlay2 is not possible in ${dataFolder}: ${messageOf(error)}\n`);
    return 'vfs';
  } finally {
    await unmountBelow([probe]);
    await rm(probe, { recursive: true, force: true });
  }
}
