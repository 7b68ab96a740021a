/** A file that the run left in `artifacts/`. */
export interface Artifact {
  /** Path below `artifacts/`, with `/` between its parts. */
  readonly path: string;
  /** Media type by the file's name; `application/octet-stream` when the name says nothing. It is a hint: user code chose the name. */
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly content: Uint8Array;
}

/** Why something under `artifacts/` was not brought back. */
export const ARTIFACT_OMISSION_REASONS = [
  'count-limit',
  'size-limit',
  'total-size-limit',
  'depth-limit',
  'not-a-regular-file',
  'name-not-allowed',
  'unreadable',
  'not-collected',
] as const;

/** One of {@link ARTIFACT_OMISSION_REASONS}. */
export type ArtifactOmissionReason = (typeof ARTIFACT_OMISSION_REASONS)[number];

/** Something that was seen under `artifacts/` and left behind. */
export interface OmittedArtifact {
  /** Path below `artifacts/`; empty when it stands for the whole folder. */
  readonly path: string;
  readonly reason: ArtifactOmissionReason;
  readonly sizeBytes: number | null;
}

/**
 * What became of `artifacts/`. A limit that was hit is said in `omitted`, it never loses the rest of the result.
 * `files` and `omitted` are sorted by path in code-unit order.
 */
export interface ArtifactCollection {
  readonly files: readonly Artifact[];
  /** At most 1000 entries. */
  readonly omitted: readonly OmittedArtifact[];
  /** Whether `files` holds everything that the run left. */
  readonly complete: boolean;
}
