import { lstat, readlink, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';

/** A file or folder as the daemon describes it. */
export interface EntryInfo {
  readonly name: string;
  readonly type: 'FILE_TYPE_FILE' | 'FILE_TYPE_DIRECTORY' | 'FILE_TYPE_SYMLINK';
  readonly path: string;
  /** In bytes, as a text, as the protocol writes large numbers. */
  readonly size: string;
  readonly mode: number;
  readonly permissions: string;
  readonly owner: string;
  readonly group: string;
  readonly modifiedTime: string;
  readonly symlinkTarget?: string;
}

function writePermissions(mode: number, first: string): string {
  const letters = ['r', 'w', 'x', 'r', 'w', 'x', 'r', 'w', 'x'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');
  return `${first}${letters}`;
}

/** Describes what a path of a sandbox names. A link has the type of what it leads to, and says where that is; one that leads nowhere is a link. */
export async function describeEntry(sandbox: E2bSandbox, path: string): Promise<EntryInfo> {
  const { paths } = sandbox;
  const normalized = paths.normalize(path);
  const mapped = paths.map(path);
  const own = await lstat(mapped);
  const target = own.isSymbolicLink() ? await readlink(mapped) : undefined;
  // A link that leads out of the sandbox is not followed.
  const stats =
    target === undefined
      ? own
      : await paths.resolve(path).then(
          (real) => stat(real),
          () => own,
        );
  const mode = stats.mode & 0o777;
  return {
    name: basename(normalized),
    type: stats.isDirectory() ? 'FILE_TYPE_DIRECTORY' : stats.isSymbolicLink() ? 'FILE_TYPE_SYMLINK' : 'FILE_TYPE_FILE',
    path: normalized,
    size: String(stats.size),
    mode,
    permissions: writePermissions(mode, stats.isDirectory() ? 'd' : target === undefined ? '-' : 'L'),
    owner: 'user',
    group: 'user',
    modifiedTime: stats.mtime.toISOString(),
    ...(target === undefined ? {} : { symlinkTarget: target }),
  };
}
