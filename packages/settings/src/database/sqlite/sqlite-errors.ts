import { SandboxError } from '@sandport/core';

/** Remedies by SQLite's primary result codes and by the system's error codes. */
const REMEDIES: Readonly<Record<string, { readonly found: string; readonly remedy: string }>> = {
  SQLITE_BUSY: { found: 'is locked by another process', remedy: 'End the process that holds the lock, or call again when it is done.' },
  SQLITE_LOCKED: { found: 'is locked by another process', remedy: 'End the process that holds the lock, or call again when it is done.' },
  SQLITE_NOTADB: { found: 'is not a SQLite database', remedy: 'Correct the path, or move the file away and configure again.' },
  SQLITE_CORRUPT: { found: 'is damaged', remedy: 'Restore the file from a backup, or move it away and configure again.' },
  SQLITE_READONLY: { found: 'may not be written', remedy: 'Give this user the right to write the file and its folder.' },
  SQLITE_PERM: { found: 'may not be used by this user', remedy: 'Give this user the right to read and write the file.' },
  SQLITE_FULL: { found: 'cannot grow: the disk is full', remedy: 'Free some space on the disk and call again.' },
  SQLITE_IOERR: { found: 'cannot be read or written', remedy: 'Check the disk that holds the file.' },
  ENOENT: { found: 'cannot be created: its folder does not exist', remedy: 'Create the folder, or correct the path.' },
  ENOTDIR: { found: 'cannot be created: its folder is a file', remedy: 'Correct the path.' },
  EACCES: { found: 'may not be opened by this user', remedy: 'Give this user the right to read and write the file and its folder.' },
  EROFS: { found: 'lies on a disk that is mounted read-only', remedy: 'Choose a path that can be written.' },
  ENOSPC: { found: 'cannot be created: the disk is full', remedy: 'Free some space on the disk and call again.' },
};

/** Whether another connection holds a lock, so that the same call may succeed a moment later. */
export function isBusy(error: unknown): boolean {
  const code = primaryCodeOf(error);
  return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED';
}

/** Whether the statement itself was refused: it names something that is not there, if it is well-formed. */
export function isStatementRefused(error: unknown): boolean {
  return primaryCodeOf(error) === 'SQLITE_ERROR';
}

/** What the caller is told: the path, what is wrong with it, and what to do. Errors of our own pass unchanged. */
export function toSettingsError(error: unknown, path: string, operation: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const code = primaryCodeOf(error);
  const known = code === undefined ? undefined : REMEDIES[code];
  return new SandboxError('SETTINGS_UNAVAILABLE', `The settings database "${path}" ${known?.found ?? 'cannot be used'}.`, {
    operation,
    suggestion: known?.remedy ?? 'Check that the path names a SQLite file which this user may read and write.',
    details: { path, ...(code === undefined ? {} : { code }) },
    cause: error,
  });
}

/** The first two words of SQLite's code are the kind: `SQLITE_BUSY_SNAPSHOT` is `SQLITE_BUSY`. libsql's own failures have no code. */
function primaryCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (error.code === '') return undefined;
  return error.code.startsWith('SQLITE_') ? error.code.split('_').slice(0, 2).join('_') : error.code;
}
