import { Buffer } from 'node:buffer';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { describePathProblem, type ArtifactCollection, type ExecutionLimits, type OmittedArtifact } from '@sandport/core';
import { artifactCollection, type CollectedFile } from '@sandport/provider-kit';
import type { Habits } from './habits.ts';

interface Found {
  readonly path: string;
  readonly file: Buffer;
  readonly sizeBytes: number;
}

/** What lies in the folder, within the limits. */
export async function collectArtifacts(folder: string, limits: ExecutionLimits, { links, carry }: Habits): Promise<ArtifactCollection> {
  const omitted: OmittedArtifact[] = [];
  const found: Found[] = [];
  const look = links === 'follow' ? stat : lstat;

  async function walk(parent: Buffer, prefix: string, depth: number): Promise<void> {
    for (const name of await readdir(parent, { encoding: 'buffer' })) {
      const path = prefix + name.toString();
      const file = Buffer.concat([parent, Buffer.from('/'), name]);
      const facts = await look(file);
      if (!Buffer.from(name.toString()).equals(name) || describePathProblem(path) !== undefined) {
        omitted.push({ path, reason: 'name-not-allowed', sizeBytes: null });
      } else if (facts.isDirectory()) {
        if (depth < limits.artifactDepth) await walk(file, `${path}/`, depth + 1);
        else omitted.push({ path, reason: 'depth-limit', sizeBytes: null });
      } else if (facts.isFile()) found.push({ path, file, sizeBytes: facts.size });
      else omitted.push({ path, reason: 'not-a-regular-file', sizeBytes: null });
    }
  }

  const kind = await kindOfFolder(folder, look);
  if (kind === 'folder') await walk(Buffer.from(folder), '', 1);
  if (kind === 'other') omitted.push({ path: '', reason: 'not-a-regular-file', sizeBytes: null });
  const taken = await takeWithinLimits(
    found.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    limits,
    omitted,
  );
  return artifactCollection(
    taken.map(({ path, content }) => ({ path, content: carry(content) })),
    omitted,
  );
}

async function kindOfFolder(folder: string, look: typeof lstat): Promise<'folder' | 'missing' | 'other'> {
  try {
    return (await look(folder)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'missing';
    throw error;
  }
}

async function takeWithinLimits(found: readonly Found[], limits: ExecutionLimits, omitted: OmittedArtifact[]): Promise<CollectedFile[]> {
  const taken: CollectedFile[] = [];
  let totalBytes = 0;
  for (const { path, file, sizeBytes } of found) {
    if (taken.length >= limits.artifactCount) omitted.push({ path, reason: 'count-limit', sizeBytes });
    else if (sizeBytes > limits.artifactBytes) omitted.push({ path, reason: 'size-limit', sizeBytes });
    else if (totalBytes + sizeBytes > limits.artifactTotalBytes) omitted.push({ path, reason: 'total-size-limit', sizeBytes });
    else {
      totalBytes += sizeBytes;
      taken.push({ path, content: await readFile(file) });
    }
  }
  return taken;
}
