import { Buffer } from 'node:buffer';
import {
  describePathProblem,
  type ArtifactCollection,
  type ArtifactOmissionReason,
  type ExecutionLimits,
  type OmittedArtifact,
} from '@sandport/core';
import type { RagflowRunAnswer } from '@sandport/executor-api';
import { artifactCollection, ARTIFACTS_NOT_COLLECTED, type CollectedFile } from '@sandport/provider-kit';

/** Takes what came within the limits. What the far end left behind, it does not say: the collection is never complete. */
export function toArtifacts(given: RagflowRunAnswer['artifacts'], limits: ExecutionLimits): ArtifactCollection {
  const files: CollectedFile[] = [];
  const omitted: OmittedArtifact[] = [...ARTIFACTS_NOT_COLLECTED.omitted];
  let totalBytes = 0;
  for (const { name, content_b64 } of given) {
    const content = Buffer.from(content_b64, 'base64');
    const reason = reasonToOmit(name, content.byteLength, { limits, count: files.length, totalBytes });
    if (reason !== undefined) omitted.push({ path: name, reason, sizeBytes: content.byteLength });
    else {
      files.push({ path: name, content: new Uint8Array(content) });
      totalBytes += content.byteLength;
    }
  }
  return artifactCollection(files, omitted);
}

interface Taken {
  readonly limits: ExecutionLimits;
  readonly count: number;
  readonly totalBytes: number;
}

function reasonToOmit(path: string, sizeBytes: number, { limits, count, totalBytes }: Taken): ArtifactOmissionReason | undefined {
  if (describePathProblem(path) !== undefined || path.includes('/')) return 'name-not-allowed';
  if (sizeBytes > limits.artifactBytes) return 'size-limit';
  if (count >= limits.artifactCount) return 'count-limit';
  return totalBytes + sizeBytes > limits.artifactTotalBytes ? 'total-size-limit' : undefined;
}
