import type { Artifact, ArtifactCollection, OmittedArtifact } from '@sandport/core';
import mime from 'mime';

/** A file as a sandbox handed it over. */
export interface CollectedFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Puts what a sandbox handed over into the form of the contract: sorted, sized and typed. */
export function artifactCollection(files: readonly CollectedFile[], omitted: readonly OmittedArtifact[]): ArtifactCollection {
  return {
    files: files.map(toArtifact).sort(byPath),
    omitted: [...omitted].sort(byPath),
    complete: omitted.length === 0,
  };
}

/** The collection of a run that was ended from outside before anything could be fetched. */
export const ARTIFACTS_NOT_COLLECTED: ArtifactCollection = {
  files: [],
  omitted: [{ path: '', reason: 'not-collected', sizeBytes: null }],
  complete: false,
};

function toArtifact({ path, content }: CollectedFile): Artifact {
  return { path, mediaType: mime.getType(path) ?? 'application/octet-stream', sizeBytes: content.byteLength, content };
}

function byPath(left: { readonly path: string }, right: { readonly path: string }): number {
  return left.path < right.path ? -1 : Number(left.path > right.path);
}
