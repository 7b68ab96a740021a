import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../../tools/setup/repository.mjs';
import { runProgram } from '../../tools/setup/run-tool.mjs';
import type { ProgramEnd } from './consumer-project.ts';

const timeoutMs = 280_000;
const signal = new AbortController().signal;

/** Nothing of the run of tests that this one belongs to; with `CI` set, pnpm would not write a lockfile. */
export const OUTSIDE_OF_TESTS = { CI: '', VITEST: '', VITEST_MODE: '', VITEST_POOL_ID: '', VITEST_WORKER_ID: '', NODE_ENV: '', TEST: '' };

/** What is made from the sources, or kept beside them. */
const MADE_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'bundle', '.git', '.turbo', '.cache', '.sandport', 'coverage']);

/** The sources of the repository as they are here, somewhere else. */
export class RepositoryCopy {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<RepositoryCopy> {
    const copy = new RepositoryCopy(await mkdtemp(path.join(tmpdir(), 'sandport-copy-')));
    const isSource = (file: string): boolean => !MADE_FOLDERS.has(path.basename(file));
    try {
      // The clone itself may have any name.
      for (const entry of await readdir(repositoryRoot)) {
        if (isSource(entry))
          await cp(path.join(repositoryRoot, entry), path.join(copy.folder, entry), { recursive: true, filter: isSource });
      }
      return copy;
    } catch (error) {
      await copy.remove();
      throw error;
    }
  }

  /** Carries out one command in it. */
  run([program = '', ...words]: readonly string[]): Promise<ProgramEnd> {
    const env = { ...OUTSIDE_OF_TESTS, npm_config_prefer_offline: 'true' };
    return runProgram([program, ...words], { timeoutMs, signal, cwd: this.folder, env });
  }

  /** What is another than here: lines added and taken away, by file; of new files only that they are there. */
  async changes(): Promise<ReadonlyMap<string, string>> {
    const changes = new Map<string, string>();
    const former = new Set(await listSources(repositoryRoot));
    for (const file of await listSources(this.folder)) {
      if (!former.delete(file)) {
        changes.set(file, 'new');
        continue;
      }
      const [before, after] = await Promise.all([repositoryRoot, this.folder].map((root) => readFile(path.join(root, file), 'utf8')));
      if (before !== after) changes.set(file, countChanges(before?.split('\n') ?? [], after?.split('\n') ?? []));
    }
    for (const file of former) changes.set(file, 'gone');
    return changes;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

async function listSources(root: string, below = ''): Promise<string[]> {
  const entries = await readdir(path.join(root, below), { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const file = path.posix.join(below, entry.name);
    if (MADE_FOLDERS.has(entry.name)) return [];
    return entry.isDirectory() ? listSources(root, file) : [file];
  });
  return (await Promise.all(lists)).flat();
}

/** Lines may be moved; none that is added or taken away is overlooked. */
function countChanges(before: readonly string[], after: readonly string[]): string {
  const surplus = (of: readonly string[], over: readonly string[]): number => {
    const left = new Map<string, number>();
    for (const line of over) left.set(line, (left.get(line) ?? 0) + 1);
    return of.filter((line) => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count <= 0;
    }).length;
  };
  return `+${surplus(after, before)} -${surplus(before, after)}`;
}
