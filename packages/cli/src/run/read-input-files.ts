import { stat } from 'node:fs/promises';
import { describePathProblem, REQUEST_LIMITS } from '@sandport/core';
import { readLocalFile } from '../given-bytes.ts';
import { usageError } from '../usage-error.ts';
import { findFolderFiles } from './find-folder-files.ts';

/**
 * The files that `--file PATH=LOCAL` lays into the work folder. Where LOCAL is a folder, all files below it are laid below PATH, and into the work folder itself where PATH is `.`.
 * No more is read than a request may have.
 */
export async function readInputFiles(assignments: readonly string[]): Promise<Readonly<Record<string, Uint8Array>>> {
  const files = new Map<string, Uint8Array>();
  let leftBytes: number = REQUEST_LIMITS.filesBytes;
  const add = async (path: string, local: string, flags?: number): Promise<void> => {
    if (files.has(path)) throw usageError(`--file: "${path}" is given twice.`, 'Give each path in the sandbox once.');
    const problem = describePathProblem(path);
    if (problem !== undefined) throw usageError(`--file: the path "${path}" ${problem}.`, 'Name a path below the work folder.');
    if (files.size >= REQUEST_LIMITS.fileCount)
      throw usageError(`--file: these are more than ${REQUEST_LIMITS.fileCount} files.`, 'Give fewer, or pack them into one.');
    const content = await readLocalFile(local, leftBytes, flags);
    leftBytes -= content.byteLength;
    files.set(path, content);
  };
  for (const assignment of assignments) {
    const [path, local] = splitAssignment(assignment);
    if (!(await isFolder(local))) {
      await add(path, local);
      continue;
    }
    for await (const found of findFolderFiles(local))
      await add(path === '.' ? found.path : `${path}/${found.path}`, found.local, found.flags);
  }
  return Object.fromEntries(files);
}

function splitAssignment(assignment: string): readonly [path: string, local: string] {
  const separator = assignment.indexOf('=');
  if (separator > 0 && separator < assignment.length - 1) return [assignment.slice(0, separator), assignment.slice(separator + 1)];
  throw usageError(
    `--file: "${assignment}" is not PATH=LOCAL.`,
    'Name the path in the sandbox and the local file or folder: --file data.csv=./sales.csv',
  );
}

/** What is not there is told of when it is read. */
async function isFolder(local: string): Promise<boolean> {
  try {
    return (await stat(local)).isDirectory();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
