import { constants, type Dir, type Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { usageError } from '../usage-error.ts';

/** Most entries of a folder, with those of the folders in it, that are looked at. */
const MAX_ENTRIES = 1000;

/** A file below a folder. */
export interface FolderFile {
  /** Below the folder, with `/` between its parts. */
  readonly path: string;
  readonly local: string;
  /** With which it is to be opened: it is not what it was when it was found, if it has become a link. */
  readonly flags: number;
}

/** Links are followed here or not at all; and a pipe that was put in the place of a file keeps nobody waiting. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The regular files below a folder, in the order of their names. A link is followed to a file of the same folder; one that leads out of it, or to another folder, is refused, and so
 * is what is neither file nor folder: what is left out without a word would be missed in the sandbox.
 */
export async function* findFolderFiles(folder: string): AsyncGenerator<FolderFile> {
  const root = await realpath(folder);
  const budget = { left: MAX_ENTRIES };
  yield* filesBelow(root, '', budget, folder);
}

async function* filesBelow(root: string, below: string, budget: { left: number }, folder: string): AsyncGenerator<FolderFile> {
  for (const entry of await entriesOf(join(root, below), budget, folder)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const local = join(root, path);
    if (entry.isDirectory()) yield* filesBelow(root, path, budget, folder);
    else if (entry.isFile()) yield { path, local, flags: OPEN_FLAGS };
    else if (entry.isSymbolicLink()) yield { path, local: await targetWithin(root, local, folder), flags: OPEN_FLAGS };
    else throw refuse(folder, path, 'is neither a file nor a folder');
  }
}

async function entriesOf(path: string, budget: { left: number }, folder: string): Promise<readonly Dirent[]> {
  const entries: Dirent[] = [];
  for await (const entry of await openFolder(path)) {
    budget.left -= 1;
    if (budget.left < 0) throw usageError(`--file: "${folder}" has more than ${MAX_ENTRIES} entries.`, 'Give a smaller folder.');
    entries.push(entry);
  }
  return entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

async function openFolder(path: string): Promise<Dir> {
  try {
    return await opendir(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw usageError(`--file: "${path}" cannot be read${code}.`, 'Check that you may read the folder and those in it.', error);
  }
}

async function targetWithin(root: string, local: string, folder: string): Promise<string> {
  const path = local.slice(root.length + 1);
  let target: string;
  try {
    target = await realpath(local);
  } catch (error) {
    throw refuse(folder, path, 'is a link that leads nowhere', error);
  }
  if (!target.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) throw refuse(folder, path, 'is a link that leads out of the folder');
  if (!(await stat(target)).isFile()) throw refuse(folder, path, 'is a link to something that is no file');
  return target;
}

function refuse(folder: string, path: string, what: string, cause?: unknown): Error {
  return usageError(`--file: "${path}" in "${folder}" ${what}.`, 'Take it out of the folder, or give the files one by one.', cause);
}
