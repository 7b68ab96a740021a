import { posix } from 'node:path';
import { describePathProblem } from '@sandport/core';
import { refusedField } from './check-input.ts';

/**
 * The path of a file below the work folder, as sandboxes take it. The AI SDK's harnesses name files by absolute paths; relative ones begin in the work folder.
 *
 * @param workFolder Absolute; nothing where commands cannot be run: then it is not known and nobody needs it.
 * @throws SandboxError `REQUEST_INVALID` for a path that leads elsewhere.
 */
export function pathInWorkFolder(path: string, workFolder: string | undefined): string {
  const isAbsolute = posix.isAbsolute(path);
  if (isAbsolute && workFolder === undefined) throw refusedField('path', 'must be relative to the work folder');
  const relative = posix.normalize(isAbsolute && workFolder !== undefined ? posix.relative(workFolder, path) : path);
  if (relative === '..' || relative.startsWith('../'))
    throw refusedField(
      'path',
      `leads out of the work folder${workFolder === undefined ? '' : ` ${workFolder}`}; commands reach other places, files do not`,
    );
  const problem = describePathProblem(relative);
  if (problem !== undefined) throw refusedField('path', problem);
  return relative;
}
