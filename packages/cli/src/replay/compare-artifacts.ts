import type { ExecutionRecord } from '@sandport/core';
import { formatBytes } from '../format-bytes.ts';
import { differenceOf, type Difference } from './difference.ts';

type RecordedArtifacts = ExecutionRecord['result']['artifacts'];
type RecordedArtifact = RecordedArtifacts['files'][number];

/** Compares the artifacts of two runs by their digests, and what was left behind by path and reason. */
export function compareArtifacts(recorded: RecordedArtifacts, replayed: RecordedArtifacts): Difference[] {
  const before = new Map(recorded.files.map((file) => [file.path, file]));
  const now = new Map(replayed.files.map((file) => [file.path, file]));
  return [
    ...[...new Set([...before.keys(), ...now.keys()])]
      .toSorted()
      .flatMap((path) => differenceOf(`artifacts/${path}`, textOf(before.get(path)), textOf(now.get(path)))),
    ...differenceOf('artifacts that were left behind', omittedText(recorded), omittedText(replayed)),
    ...differenceOf('artifacts are complete', String(recorded.complete), String(replayed.complete)),
  ];
}

function textOf(artifact: RecordedArtifact | undefined): string | null {
  return artifact === undefined ? null : `sha256:${artifact.sha256} (${formatBytes(artifact.sizeBytes)})`;
}

function omittedText({ omitted }: RecordedArtifacts): string | null {
  const lines = omitted.map(({ path, reason }) => `${path} (${reason})`).toSorted();
  return lines.length === 0 ? null : lines.join(', ');
}
