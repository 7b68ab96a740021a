import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { z } from 'zod';
import type { Answer } from '../../http/answer.ts';
import { systemCodeOf } from '../../execution/system-code.ts';
import { sandboxOf, type Call } from '../call.ts';
import { ConnectError } from '../service-error.ts';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';
import { callingUser } from './calling-user.ts';
import { messageAnswer, readMessage } from './connect-protocol.ts';
import { describeEntry, type EntryInfo } from './entry-info.ts';
import { expandPath } from './sandbox-path.ts';

const pathSchema = z.looseObject({ path: z.string().default('') });

function readPath(call: Call): string {
  const { path } = readMessage(pathSchema, call);
  callingUser(call);
  return expandPath(path);
}

export async function statFile(call: Call): Promise<Answer> {
  return messageAnswer({ entry: await describeEntry(sandboxOf(call), readPath(call)) });
}

export async function listDirectory(call: Call): Promise<Answer> {
  const { path, depth } = readMessage(pathSchema.extend({ depth: z.number().int().min(0).default(1) }), call);
  callingUser(call);
  const sandbox = sandboxOf(call);
  const folder = expandPath(path);
  if ((await describeEntry(sandbox, folder)).type !== 'FILE_TYPE_DIRECTORY')
    throw new ConnectError('invalid_argument', `path is not a directory: ${path}`);
  return messageAnswer({ entries: await listEntries(sandbox, sandbox.paths.normalize(folder), Math.max(1, depth)) });
}

async function listEntries(sandbox: E2bSandbox, path: string, depth: number): Promise<EntryInfo[]> {
  const entries: EntryInfo[] = [];
  for (const name of (await readdir(await sandbox.paths.resolve(path))).toSorted()) {
    const entry = await describeEntry(sandbox, posix.join(path, name));
    entries.push(entry);
    if (entry.type === 'FILE_TYPE_DIRECTORY' && entry.symlinkTarget === undefined && depth > 1)
      entries.push(...(await listEntries(sandbox, entry.path, depth - 1)));
  }
  return entries;
}

/** Makes a folder and those above it. One that is there already is refused. */
export async function makeDirectory(call: Call): Promise<Answer> {
  const path = readPath(call);
  const sandbox = sandboxOf(call);
  const mapped = await sandbox.paths.resolve(path);
  await mkdir(dirname(mapped), { recursive: true });
  await mkdir(mapped).catch(async (error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
    const isDirectory = (await describeEntry(sandbox, path)).type === 'FILE_TYPE_DIRECTORY';
    throw isDirectory
      ? new ConnectError('already_exists', `directory already exists: ${path}`)
      : new ConnectError('invalid_argument', `path already exists but it is not a directory: ${path}`);
  });
  return messageAnswer({ entry: await describeEntry(sandbox, path) });
}

export async function moveFile(call: Call): Promise<Answer> {
  const { source, destination } = readMessage(z.looseObject({ source: z.string(), destination: z.string() }), call);
  callingUser(call);
  const sandbox = sandboxOf(call);
  const [from, to] = [await sandbox.paths.resolve(expandPath(source)), await sandbox.paths.resolve(expandPath(destination))];
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
  return messageAnswer({ entry: await describeEntry(sandbox, expandPath(destination)) });
}

/** Removes a file, or a folder with all in it. What is not there is no error. */
export async function removeFile(call: Call): Promise<Answer> {
  const path = readPath(call);
  await rm(await sandboxOf(call).paths.resolve(path), { recursive: true, force: true });
  return messageAnswer({});
}
