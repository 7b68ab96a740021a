import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PackageFiles } from './read-template.ts';
import { refusal } from './refusal.ts';

/**
 * Writes a package beside where it shall be and then gives it its name: a folder of that name has all of it or was never made.
 *
 * @throws SandboxError `REQUEST_INVALID` when there is something already.
 */
export async function writePackage(folder: string, files: PackageFiles): Promise<void> {
  await checkFree(folder);
  await mkdir(path.dirname(folder), { recursive: true });
  const draft = path.join(path.dirname(folder), `.${path.basename(folder)}-${randomUUID()}`);
  try {
    for (const [file, text] of files) {
      const target = path.join(draft, ...file.split('/'));
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, text, { flag: 'wx' });
    }
    await takeEmptyAway(folder);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw isCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR') ? occupied(folder, error) : error;
  }
}

/**
 * Refuses a folder in which there is something, before anything is written.
 *
 * @throws SandboxError `REQUEST_INVALID`.
 */
export async function checkFree(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length > 0) throw occupied(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw isCode(error, 'ENOTDIR') ? occupied(folder, error) : error;
  }
}

/** Not every system renames onto a folder, also one that is empty. */
async function takeEmptyAway(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function occupied(folder: string, cause?: unknown): Error {
  return refusal(
    'folder',
    `${JSON.stringify(folder)} is there already and not an empty folder`,
    'Choose another name, or another folder.',
    cause,
  );
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
