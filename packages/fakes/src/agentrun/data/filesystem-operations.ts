import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { z } from 'zod';
import { jsonAnswer, type Answer } from '../../http/answer.ts';
import { systemCodeOf } from '../../execution/system-code.ts';
import type { Call } from '../call.ts';
import { sandboxOf } from '../sandbox-operations.ts';
import { serviceError } from '../service-error.ts';
import type { FakeSandbox } from '../state/fake-sandbox.ts';
import { describeFile, parseMode, type FileEntry } from './file-entry.ts';
import { parseDataInput, requiredParameter } from './parse-data-input.ts';

const MAX_DEPTH = 32;

const pathSchema = z.string().min(1);

export async function statFile(call: Call): Promise<Answer> {
  const path = requiredParameter(call, 'path');
  return jsonAnswer(200, { entry: await describeFile(sandboxOf(call), path) });
}

export async function listDirectory(call: Call): Promise<Answer> {
  const path = requiredParameter(call, 'path');
  const depth = Number(call.query.get('depth') ?? '1');
  if (!Number.isInteger(depth) || depth < 1 || depth > MAX_DEPTH)
    throw serviceError(400, 'INVALID_REQUEST', `depth is not within 1 and ${MAX_DEPTH}`);
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    const entries = await listEntries(sandbox, sandbox.paths.normalize(path), depth);
    return jsonAnswer(200, { path: sandbox.paths.normalize(path), entries });
  });
}

async function listEntries(sandbox: FakeSandbox, path: string, depth: number): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const name of (await readdir(await sandbox.paths.resolve(path))).toSorted()) {
    const entry = await describeFile(sandbox, posix.join(path, name));
    entries.push(entry);
    if (entry.type === 'directory' && depth > 1) entries.push(...(await listEntries(sandbox, entry.path, depth - 1)));
  }
  return entries;
}

/** Makes a folder. One that is there already is no error. */
export async function makeDirectory(call: Call): Promise<Answer> {
  const schema = z.looseObject({ path: pathSchema, parents: z.boolean().default(true), mode: z.string().default('0755') });
  const { path, parents, mode } = parseDataInput(schema, call.body);
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    const mapped = await sandbox.paths.resolve(path);
    await mkdir(mapped, { recursive: parents, mode: parseMode(mode) }).catch(async (error: unknown) => {
      if (systemCodeOf(error) !== 'EEXIST' || (await describeFile(sandbox, path)).type !== 'directory') throw error;
    });
    return jsonAnswer(200, { entry: await describeFile(sandbox, path) });
  });
}

/** Moves a file or folder. What was moved already is no error. */
export async function moveFile(call: Call): Promise<Answer> {
  const { source, destination } = parseDataInput(z.looseObject({ source: pathSchema, destination: pathSchema }), call.body);
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    const [from, to] = [await sandbox.paths.resolve(source), await sandbox.paths.resolve(destination)];
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to).catch(async (error: unknown) => {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      await describeFile(sandbox, destination);
    });
    return jsonAnswer(200, { entry: await describeFile(sandbox, destination) });
  });
}

/** Removes a file, or a folder with all in it. What is not there is no error. */
export async function removeFile(call: Call): Promise<Answer> {
  const { path } = parseDataInput(z.looseObject({ path: pathSchema }), call.body);
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    const entry = await describeFile(sandbox, path).catch((error: unknown) => {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      return undefined;
    });
    if (entry !== undefined) await rm(await sandbox.paths.resolve(path), { recursive: true, force: true });
    return jsonAnswer(200, { entry: entry ?? { path: sandbox.paths.normalize(path) } });
  });
}
