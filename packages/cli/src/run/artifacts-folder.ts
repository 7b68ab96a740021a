import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describePathProblem, SandboxError, type Artifact } from '@sandport/core';
import { usageError } from '../usage-error.ts';

/** Where each artifact was saved, by its path below `artifacts/`. */
export type SavedArtifacts = ReadonlyMap<string, string>;

/** Refuses a folder that holds something: the program names its artifacts, and must not write over files that were there. */
export async function checkArtifactsFolder(folder: string): Promise<void> {
  if (folder === '') throw usageError('--artifacts: is empty.', 'Name a folder.');
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw usageError(`--artifacts: "${folder}" cannot be used as a folder.`, 'Name a folder that is empty or does not exist.', error);
  }
  if (names.length > 0) throw usageError(`--artifacts: "${folder}" is not empty.`, 'Name a folder that is empty or does not exist.');
}

/**
 * Writes the artifacts below a folder that {@link checkArtifactsFolder} let pass. Nothing that exists is overwritten. A failure is
 * handed to the listener and never loses the other artifacts, nor the result they came with.
 */
export async function saveArtifacts(
  folder: string,
  artifacts: readonly Artifact[],
  onFailure: (failure: SandboxError) => void,
): Promise<SavedArtifacts> {
  const saved = new Map<string, string>();
  for (const { path, content } of artifacts) {
    const problem = describePathProblem(path);
    if (problem !== undefined) {
      onFailure(new SandboxError('RESPONSE_INVALID', `An artifact was not saved: its path ${problem}.`));
      continue;
    }
    const target = join(folder, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content, { flag: 'wx' });
      saved.set(path, target);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      onFailure(new SandboxError('INTERNAL', `An artifact could not be written to "${target}"${code}.`, { cause: error }));
    }
  }
  return saved;
}
