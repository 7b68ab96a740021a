import { lstat, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { serviceError } from '../service-error.ts';
import type { FakeSandbox } from '../state/fake-sandbox.ts';

/** A file or folder as the API describes it. */
export interface FileEntry {
  readonly name: string;
  readonly type: 'file' | 'directory';
  readonly path: string;
  readonly size: number;
  /** As a decimal number: 420 is 0644. */
  readonly mode: number;
  readonly permissions: string;
  readonly owner: string;
  readonly group: string;
  readonly modifiedTime: string;
}

function writePermissions(mode: number, isDirectory: boolean): string {
  const letters = ['r', 'w', 'x', 'r', 'w', 'x', 'r', 'w', 'x'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');
  return `${isDirectory ? 'd' : '-'}${letters}`;
}

/** Describes what a path of a sandbox names. Links are described as what they lead to, or as files when that is nothing of the sandbox's. */
export async function describeFile(sandbox: FakeSandbox, path: string): Promise<FileEntry> {
  const { paths } = sandbox;
  const mapped = paths.map(path);
  const stats = await paths.resolve(path).then(
    (real) => stat(real),
    () => lstat(mapped),
  );
  const mode = stats.mode & 0o777;
  const normalized = paths.normalize(path);
  return {
    name: basename(normalized),
    type: stats.isDirectory() ? 'directory' : 'file',
    path: normalized,
    size: stats.size,
    mode,
    permissions: writePermissions(mode, stats.isDirectory()),
    owner: 'user',
    group: 'user',
    modifiedTime: stats.mtime.toISOString(),
  };
}

/** Counts bytes before the API writes them, and refuses what would be too many. */
export function reserveBytes(sandbox: FakeSandbox, count: number, maximum: number): void {
  if (sandbox.writtenBytes + count > maximum) throw serviceError(507, 'INSUFFICIENT_STORAGE', 'The disk of the sandbox is full');
  sandbox.writtenBytes += count;
}

/** Digits of an octal number, as the API takes modes. */
export function parseMode(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text)) throw serviceError(400, 'INVALID_REQUEST', 'mode is not an octal number such as 0644');
  return Number.parseInt(text, 8);
}
