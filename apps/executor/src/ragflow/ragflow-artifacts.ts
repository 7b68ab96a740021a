import { Buffer } from 'node:buffer';
import type { Artifact, ArtifactCollection } from '@sandport/core';
import type { RagflowRunAnswer } from '@sandport/executor-api';

/** Files that are handed over, at most. */
const RAGFLOW_ARTIFACT_COUNT = 10;

/** Bytes of one file, at most. */
export const RAGFLOW_ARTIFACT_BYTES = 10 * 1024 * 1024;

/** The kinds of files that RAGFlow takes, by the ends of their names. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
};

/** More names than this are only counted. */
const MOST_NAMES = 20;

/** What RAGFlow is handed, and what it is told of the rest. */
export interface RagflowArtifacts {
  readonly files: RagflowRunAnswer['artifacts'];
  /** One sentence; `null` when everything was handed over. */
  readonly omission: string | null;
}

/** The files that RAGFlow takes: at the top of `artifacts/`, of a kind that it knows, with something in them, and no more than ten. */
export function selectArtifacts({ files, omitted }: ArtifactCollection): RagflowArtifacts {
  const left = omitted.map(({ path, reason }) => `${path === '' ? 'artifacts' : path} (${reason})`);
  const taken: RagflowRunAnswer['artifacts'] = [];
  for (const file of files) {
    const mediaType = mediaTypeOf(file.path);
    const reason = mediaType === undefined ? 'name-not-allowed' : reasonToLeave(file, taken.length);
    if (mediaType === undefined || reason !== undefined) left.push(`${file.path} (${reason})`);
    else taken.push(encode(file, mediaType));
  }
  return { files: taken, omission: left.length === 0 ? null : describe(left) };
}

function reasonToLeave({ path, sizeBytes }: Artifact, count: number): string | undefined {
  if (path.includes('/')) return 'depth-limit';
  if (path.includes('..') || path.startsWith('.')) return 'name-not-allowed';
  if (sizeBytes === 0) return 'empty';
  if (sizeBytes > RAGFLOW_ARTIFACT_BYTES) return 'size-limit';
  return count >= RAGFLOW_ARTIFACT_COUNT ? 'count-limit' : undefined;
}

function mediaTypeOf(path: string): string | undefined {
  const end = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(MEDIA_TYPES, end) ? MEDIA_TYPES[end] : undefined;
}

function encode({ path, sizeBytes, content }: Artifact, mediaType: string): RagflowRunAnswer['artifacts'][number] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return { name: path, mime_type: mediaType, size: sizeBytes, content_b64: bytes.toString('base64') };
}

function describe(left: readonly string[]): string {
  const more = left.length > MOST_NAMES ? ` and ${left.length - MOST_NAMES} more` : '';
  return `Not handed over: ${left.slice(0, MOST_NAMES).join(', ')}${more}.`;
}
