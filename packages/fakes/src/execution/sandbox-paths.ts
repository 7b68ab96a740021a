import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { systemCodeOf } from './system-code.ts';

/** Home folder of the user in a sandbox. */
export const HOME = '/home/user';

/** The folders that are the sandbox's own. */
const OWN_FOLDERS = [HOME, '/tmp'];

/** A path that lies outside of what belongs to a sandbox. */
export class ForeignPathError extends Error {
  override readonly name = 'ForeignPathError';
}

/** Translates the paths of one sandbox into those of the host. */
export class SandboxPaths {
  readonly #rootFolder: string;

  constructor(rootFolder: string) {
    this.#rootFolder = rootFolder;
  }

  /** An absolute path of the sandbox without `.` and `..`; relative ones begin at home. */
  normalize(path: string): string {
    const normalized = posix.resolve(HOME, path);
    if (!OWN_FOLDERS.some((folder) => normalized === folder || normalized.startsWith(`${folder}/`)))
      throw new ForeignPathError(`${normalized} is not below ${OWN_FOLDERS.join(' or ')}`);
    return normalized;
  }

  /** The path of the host, without looking what is there. */
  map(path: string): string {
    return join(this.#rootFolder, this.normalize(path));
  }

  /** The path of the host, provided that no link on the way leads out of the sandbox. The last part need not exist, nor need folders before it. */
  async resolve(path: string): Promise<string> {
    const mapped = this.map(path);
    const real = await realpathOfExisting(mapped);
    if (real !== this.#rootFolder && !real.startsWith(this.#rootFolder + sep))
      throw new ForeignPathError(`${path} leads out of the sandbox`);
    return mapped;
  }
}

async function realpathOfExisting(path: string): Promise<string> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return undefined;
    throw error;
  });
  return stats === undefined ? realpathOfExisting(dirname(path)) : realpath(path);
}
