import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

/** A file that is to have another text. */
export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Changes all of the files, or none: what was changed before one failed gets its former text back. */
export async function replaceFiles(changes: readonly FileChange[]): Promise<void> {
  const done: FileChange[] = [];
  try {
    for (const change of changes) {
      await replaceFile(change.path, change.after);
      done.push(change);
    }
  } catch (error) {
    const restored = await Promise.allSettled(done.map(({ path, before }) => replaceFile(path, before)));
    const failures = restored.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    throw failures.length === 0
      ? error
      : new AggregateError([error, ...failures], 'Files could not be changed, and not all could be changed back.');
  }
}

/** A reader sees the former text or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
