import { constants } from 'node:fs';
import { lstat, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describePathProblem, SandboxError } from '@sandport/core';

/** The folder of one sandbox. */
export class WorkFolder {
  readonly path: string;
  readonly #cleanPath: (path: string) => string;

  constructor(path: string, cleanPath: (path: string) => string) {
    this.path = path;
    this.#cleanPath = cleanPath;
  }

  async write(path: string, content: Uint8Array | string): Promise<void> {
    const file = join(this.path, this.#check(path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  async read(path: string): Promise<Uint8Array> {
    const checked = this.#check(path);
    try {
      await this.#refuseLinks(checked);
      const file = await open(join(this.path, checked), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw new SandboxError('FILE_NOT_FOUND', `path: the sandbox has no file "${checked}".`, { cause: error });
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }

  async #refuseLinks(path: string): Promise<void> {
    const parts = path.split('/');
    for (const index of parts.keys()) {
      const part = join(this.path, ...parts.slice(0, index + 1));
      if ((await lstat(part)).isSymbolicLink()) throw new Error(`${part} is a link`);
    }
  }

  #check(given: string): string {
    const path = this.#cleanPath(given);
    const problem = describePathProblem(path);
    if (problem === undefined) return path;
    throw new SandboxError('REQUEST_INVALID', `path: ${problem}.`, { details: { field: 'path' } });
  }
}
