import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SandboxError } from '@sandport/core';
import { keySourceInvalid, keySourceUnavailable, keysWithdrawn, systemCodeOf } from './key-errors.ts';
import { KEY_TEXT_MAX_BYTES } from './key-lines.ts';

/** What a key file says, and how it is protected. */
export interface KeyFileContent {
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
}

/** Failures that only the operator can mend, by the system's codes. */
const REMEDIES: Readonly<Record<string, { readonly found: string; readonly remedy: string }>> = {
  ENOENT: { found: 'does not exist', remedy: 'Correct the path, or create the file.' },
  ENOTDIR: { found: 'lies in something that is no folder', remedy: 'Correct the path.' },
  EISDIR: { found: 'is a folder', remedy: 'Name a file.' },
  ELOOP: { found: 'is a link that leads nowhere', remedy: 'Correct the path.' },
  EACCES: { found: 'may not be used by this user', remedy: 'Give the file to the user that runs this program.' },
  EPERM: { found: 'may not be used by this user', remedy: 'Give the file to the user that runs this program.' },
  ERR_INVALID_ARG_VALUE: { found: 'has no path that the system knows', remedy: 'Correct the path.' },
  EROFS: { found: 'lies on a disk that is mounted read-only', remedy: 'Choose a path that can be written.' },
};

/** How errors name a key file. */
export function keyFileSource(path: string): string {
  return `the key file "${path}"`;
}

/**
 * The content of a key file, or nothing where there is no such file.
 *
 * @throws SandboxError `CONFIG_INVALID` when it is no plain file, too large, or may be read or changed by others; `SETTINGS_UNAVAILABLE` when the disk fails; `CANCELLED`.
 */
export async function readKeyFile(path: string, signal?: AbortSignal): Promise<KeyFileContent | undefined> {
  if (signal?.aborted === true) throw keysWithdrawn(signal);
  let handle: FileHandle | undefined;
  try {
    // A pipe in the place of the file would keep a plain open waiting for its writer. Windows knows no such flag.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return await readChecked(handle, path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw toKeyFileError(error, path);
  } finally {
    await handle?.close();
  }
}

/** What is wrong with who may use a file; nothing when only its owner may, or root has given it to a group. */
export function describeModeProblem({ mode, userId }: Pick<KeyFileContent, 'mode' | 'userId'>): string | undefined {
  if ((mode & 0o022) !== 0) return 'may be changed by other users than its owner';
  if ((mode & 0o004) !== 0) return 'may be read by every user';
  // What a container platform mounts for a program that is not root belongs to root and reaches the program by its group. No usual umask gives such a file by accident.
  return (mode & 0o040) !== 0 && userId !== 0 ? 'may be read by the group of its owner' : undefined;
}

/** What the caller is told of a failure of the system. Errors of our own pass unchanged. */
export function toKeyFileError(error: unknown, path: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const code = systemCodeOf(error) ?? 'unknown';
  const known = REMEDIES[code];
  return known === undefined
    ? keySourceUnavailable(keyFileSource(path), `cannot be used (${code})`, 'Check the disk that holds the file.', error)
    : keySourceInvalid(keyFileSource(path), known.found, known.remedy, error);
}

async function readChecked(handle: FileHandle, path: string): Promise<KeyFileContent> {
  const source = keyFileSource(path);
  const status = await handle.stat();
  if (!status.isFile()) throw keySourceInvalid(source, 'is no plain file', 'Name a file, or set SANDPORT_MASTER_KEY_COMMAND.');
  const facts = { mode: status.mode & 0o777, userId: status.uid, groupId: status.gid };
  // Windows has no such bits; there the rights of the folder decide.
  const problem = process.platform === 'win32' ? undefined : describeModeProblem(facts);
  if (problem !== undefined) {
    throw keySourceInvalid(source, problem, `Run: chmod 600 "${path}"; where a platform mounts it, ask for mode 0400 there.`);
  }
  return { ...facts, text: await readText(handle, source) };
}

/** Reads to the end of the file, but never more than a key file has. */
async function readText(handle: FileHandle, source: string): Promise<string> {
  const buffer = Buffer.alloc(KEY_TEXT_MAX_BYTES + 1);
  try {
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (length > KEY_TEXT_MAX_BYTES)
        throw keySourceInvalid(source, `has more than ${KEY_TEXT_MAX_BYTES} bytes`, 'Name a file that holds nothing but keys.');
      if (bytesRead === 0) return buffer.toString('utf8', 0, length);
    }
  } finally {
    buffer.fill(0);
  }
}
