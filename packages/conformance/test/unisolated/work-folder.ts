import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import { lstat, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describePathProblem, SandboxError } from '@sandport/core';
import type { Habits } from './habits.ts';

/** The folder of one sandbox. */
export class WorkFolder {
  readonly path: string;
  readonly #habits: Habits;

  constructor(path: string, habits: Habits) {
    this.path = path;
    this.#habits = habits;
  }

  async write(path: string, content: Uint8Array | string): Promise<void> {
    const file = join(this.path, this.#check(path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, this.#habits.carry(Buffer.from(content)));
  }

  async read(path: string): Promise<Uint8Array> {
    const checked = this.#check(path);
    try {
      const followsLinks = this.#habits.links === 'follow';
      if (!followsLinks) await this.#refuseLinks(checked);
      const file = await open(join(this.path, checked), constants.O_RDONLY | (followsLinks ? 0 : constants.O_NOFOLLOW));
      try {
        return this.#habits.carry(await file.readFile());
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
    const path = this.#habits.cleanPath(given);
    const problem = describePathProblem(path);
    if (problem === undefined) return path;
    throw new SandboxError('REQUEST_INVALID', `path: ${problem}.`, { details: { field: 'path' } });
  }
}
