import { lstat, writeFile } from 'node:fs/promises';
import { SandboxError, writeRecord, type ExecutionRecord } from '@sandport/core';
import { usageError } from '../usage-error.ts';

/** Refuses a place at which something is: a record is never written over another one. */
export async function checkRecordFile(path: string): Promise<void> {
  if (path === '') throw usageError('--record: is empty.', 'Name a file.');
  try {
    await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw usageError(`--record: "${path}" cannot be used as a file.`, 'Name a file that does not exist, in a folder that does.', error);
  }
  throw usageError(`--record: "${path}" exists.`, 'Name a file that does not exist.');
}

/** Writes the record of a run into a file that only its owner can read. A failure is handed to the listener, and never loses the result. */
export async function saveRecord(path: string, make: () => ExecutionRecord, onFailure: (failure: SandboxError) => void): Promise<void> {
  try {
    await writeFile(path, writeRecord(make()), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    const reason = SandboxError.isInstance(error) ? `: ${error.message}` : `${code}.`;
    onFailure(
      new SandboxError('INTERNAL', `The record could not be written to "${path}"${reason}`, {
        suggestion: 'Name a file in a folder that you may write to, and run the program again.',
        cause: error,
      }),
    );
  }
}
