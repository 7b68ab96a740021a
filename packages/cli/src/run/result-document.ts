import type { ExecutionResult } from '@sandport/core';
import type { SavedArtifacts } from './artifacts-folder.ts';

/** The result as JSON: the contract's fields; of artifacts everything but the content, and where it was saved. */
export function resultDocument(result: ExecutionResult, saved: SavedArtifacts | undefined): object {
  const files = result.artifacts.files.map(({ path, mediaType, sizeBytes }) => ({
    path,
    mediaType,
    sizeBytes,
    savedTo: saved?.get(path) ?? null,
  }));
  return { ...result, artifacts: { ...result.artifacts, files } };
}
