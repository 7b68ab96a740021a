import { Buffer } from 'node:buffer';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { describePathProblem, type ArtifactCollection, type ExecutionLimits, type OmittedArtifact } from '@sandport/core';
import { artifactCollection, type CollectedFile } from '@sandport/provider-kit';
import type { Habits } from './habits.ts';

interface Found {
  readonly path: string;
  readonly file: Buffer;
  readonly sizeBytes: number;
  /** Changes whenever the file does. */
  readonly edition: string;
}

/** What lay in the folder before a run: path to edition. */
export type FormerArtifacts = ReadonlyMap<string, string>;

/** What is in the folder now, for {@link collectArtifacts} to leave out. */
export async function lookAtArtifacts(folder: string, limits: ExecutionLimits, habits: Habits): Promise<FormerArtifacts> {
  const { found, omitted } = await findArtifacts(folder, limits, habits);
  return new Map([
    ...found.map(({ path, edition }) => [path, edition] as const),
    ...omitted.map(({ path, reason }) => [path, reason] as const),
  ]);
}

/** What a run left in the folder, within the limits. */
export async function collectArtifacts(
  folder: string,
  limits: ExecutionLimits,
  habits: Habits,
  former: FormerArtifacts,
): Promise<ArtifactCollection> {
  const { found, omitted: seen } = await findArtifacts(folder, limits, habits);
  const omitted = seen.filter(({ path, reason }) => habits.keeping.artifacts === 'all' || former.get(path) !== reason);
  const isOwn = ({ path, edition }: Found) => (habits.keeping.artifacts === 'own' ? former.get(path) !== edition : !former.has(path));
  const own = habits.keeping.artifacts === 'all' ? found : found.filter(isOwn);
  const sorted = own.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const taken = await takeWithinLimits(sorted, limits, omitted);
  return artifactCollection(
    taken.map(({ path, content }) => ({ path, content: habits.carry(content) })),
    omitted,
  );
}

/** Everything in the folder, whether or not it may be brought back. */
async function findArtifacts(
  folder: string,
  limits: ExecutionLimits,
  { links }: Habits,
): Promise<{ readonly found: Found[]; readonly omitted: OmittedArtifact[] }> {
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
      } else if (facts.isFile()) found.push({ path, file, sizeBytes: facts.size, edition: `${facts.ino} ${facts.size} ${facts.ctimeMs}` });
      else omitted.push({ path, reason: 'not-a-regular-file', sizeBytes: null });
    }
  }

  const kind = await kindOfFolder(folder, look);
  if (kind === 'folder') await walk(Buffer.from(folder), '', 1);
  if (kind === 'other') omitted.push({ path: '', reason: 'not-a-regular-file', sizeBytes: null });
  return { found, omitted };
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
