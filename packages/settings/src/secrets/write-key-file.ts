import { open, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SandboxError } from '@sandport/core';
import { keySourceInvalid, systemCodeOf } from './key-errors.ts';
import { keyFileSource, readKeyFile, toKeyFileError, type KeyFileContent } from './key-file.ts';
import { readKeyLines, withNewKey } from './key-lines.ts';
import type { KeyRing } from './key-ring.ts';
import { generateMasterKey } from './master-key.ts';

const OWNER_ONLY = 0o600;
const REMARK =
  '# Master keys of Sandport, which open the stored secrets. The first one seals, the others only open. Without them the secrets are lost.\n';

/**
 * Creates a key file with one new key, readable by its owner only. A file that is there is never touched.
 *
 * @returns the ring of the new file.
 * @throws SandboxError `REQUEST_INVALID` when the path is taken, `CONFIG_INVALID` or `SETTINGS_UNAVAILABLE` when it cannot be written.
 */
export async function writeKeyFile(path: string): Promise<KeyRing> {
  const text = `${REMARK}${generateMasterKey()}\n`;
  const handle = await create(path, path, (cause) => pathTaken(path, cause));
  await removeUnlessDone(handle, path, path, async () => {
    await handle.writeFile(text);
    await handle.sync();
  });
  await syncFolder(path);
  return readKeyLines(text, keyFileSource(path));
}

/**
 * Puts a new key before the others of a key file, in one step: who reads it meanwhile finds the old or the new file, whole. The former keys, the remarks, the mode and the owner stay.
 *
 * @returns the ring of the changed file.
 * @throws SandboxError `CONFIG_CONFLICT` when the file is being changed by somebody else; `CONFIG_INVALID` or `SETTINGS_UNAVAILABLE` when it cannot be read or written.
 */
export async function addKeyToFile(path: string): Promise<KeyRing> {
  // Behind a link stands the file itself, which is what must be replaced.
  const target = await resolveLinks(path);
  // The draft is a lock as well: of two that add a key at once, one key would be lost.
  const draft = `${target}.new`;
  const handle = await create(draft, path, (cause) => conflict(path, draft, cause));
  const text = await removeUnlessDone(handle, draft, path, async () => {
    const former = await readKeyFile(target);
    if (former === undefined) throw keySourceInvalid(keyFileSource(path), 'does not exist', 'Create it first.');
    readKeyLines(former.text, keyFileSource(path));
    const changed = withNewKey(former.text, generateMasterKey());
    await handle.writeFile(changed);
    await keepOwner(handle, former);
    await handle.sync();
    await handle.close();
    await rename(draft, target);
    return changed;
  });
  await syncFolder(target);
  return readKeyLines(text, keyFileSource(path));
}

async function create(created: string, path: string, whenTaken: (cause: unknown) => SandboxError): Promise<FileHandle> {
  try {
    return await open(created, 'wx', OWNER_ONLY);
  } catch (error) {
    throw systemCodeOf(error) === 'EEXIST' ? whenTaken(error) : toKeyFileError(error, path);
  }
}

/** Ends the handle on every path, and takes the half-made file away when the work fails. */
async function removeUnlessDone<Value>(handle: FileHandle, created: string, path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    await rm(created, { force: true });
    throw toKeyFileError(error, path);
  } finally {
    await handle.close();
  }
}

/** A program that reads the file by its group goes on reading it. */
async function keepOwner(handle: FileHandle, { mode, userId, groupId }: KeyFileContent): Promise<void> {
  if (process.platform === 'win32') return;
  const made = await handle.stat();
  if (made.uid !== userId || made.gid !== groupId) await handle.chown(userId, groupId);
  await handle.chmod(mode);
}

async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw toKeyFileError(error, path);
  }
}

/** Makes a new name in a folder last through a power failure. Windows cannot open folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  let folder: FileHandle | undefined;
  try {
    folder = await open(dirname(path), 'r');
    await folder.sync();
  } catch (error) {
    throw toKeyFileError(error, path);
  } finally {
    await folder?.close();
  }
}

function pathTaken(path: string, cause: unknown): SandboxError {
  return new SandboxError('REQUEST_INVALID', `path: the key file "${path}" exists already and is left as it is.`, {
    operation: 'writeKeyFile',
    suggestion: 'Choose another path, or add a key to this file.',
    details: { field: 'path', path },
    cause,
  });
}

function conflict(path: string, draft: string, cause: unknown): SandboxError {
  return new SandboxError('CONFIG_CONFLICT', `The key file "${path}" is being changed by somebody else; nothing was changed.`, {
    operation: 'addMasterKey',
    suggestion: `Try again when it is done; if an interrupted change left "${draft}", remove that file first.`,
    details: { path },
    cause,
  });
}
