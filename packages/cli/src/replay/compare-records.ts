import { canonicalText } from '@sandport/agent';
import { jsonValueSchema, type ExecutionRecord } from '@sandport/core';
import { formatDuration } from '../format-duration.ts';
import { compareArtifacts } from './compare-artifacts.ts';
import { compareOutputs, firstDifference } from './compare-outputs.ts';
import { differenceOf, type Comparison, type Difference } from './difference.ts';

type RecordedResult = ExecutionRecord['result'];

/** Compares a recorded call with the same call made again. */
export function compareRecords(recorded: ExecutionRecord, replayed: ExecutionRecord): Comparison {
  const [before, now] = [recorded.result, replayed.result];
  const outputs = compareOutputs(before, now);
  const ends = [...endOf(before, now)];
  const isOwnEnd = [before, now].every(({ status }) => status === 'completed' || status === 'failed');
  return {
    differences: [
      ...differenceOf('status', before.status, now.status),
      ...differenceOf('error', errorText(before), errorText(now)),
      ...differenceOf('value', valueText(before), valueText(now)),
      ...outputs.differences,
      // What ends a program from outside leaves the code and the signal that its engine chooses.
      ...(isOwnEnd ? ends : []),
      ...compareArtifacts(before.artifacts, now.artifacts),
    ],
    notes: [...outputs.notes, ...(isOwnEnd ? [] : ends), ...tracebackNote(before, now), ...placeNotes(recorded, replayed)],
  };
}

function endOf(recorded: RecordedResult, replayed: RecordedResult): Difference[] {
  const text = (code: number | null): string | null => (code === null ? null : String(code));
  return [
    ...differenceOf('exit code', text(recorded.exitCode), text(replayed.exitCode)),
    ...differenceOf('signal', recorded.signal, replayed.signal),
  ];
}

function errorText({ error }: RecordedResult): string | null {
  return error === null ? null : `${error.type}: ${error.message}`;
}

/** The text that equal values have in common, in whatever order their members came. A string keeps its quotation marks, so that `"1"` is not `1`. */
function valueText({ valueJson }: RecordedResult): string | null {
  if (valueJson === null) return null;
  const value = jsonValueSchema.parse(JSON.parse(valueJson));
  return typeof value === 'string' ? JSON.stringify(value) : canonicalText(value, valueJson);
}

function tracebackNote({ error: before }: RecordedResult, { error: now }: RecordedResult): Difference[] {
  if (before === null || now === null) return [];
  const difference = firstDifference('traceback', before.traceback, now.traceback);
  return difference === undefined ? [] : [difference];
}

/** Where the calls ran, on what, and how long it took. */
function placeNotes(recorded: ExecutionRecord, replayed: ExecutionRecord): Difference[] {
  const fact = (name: string, of: (record: ExecutionRecord) => string | null) => differenceOf(name, of(recorded), of(replayed));
  return [
    ...fact('provider', ({ provider }) => provider.id),
    ...fact('isolation', ({ provider }) => provider.isolation.kind),
    ...fact('image digest', ({ provider }) => provider.imageDigest),
    ...fact('version of Sandport', ({ versions }) => versions.sandport),
    ...fact('version of the provider', ({ versions }) => versions.provider),
    ...fact('version of the interpreter', ({ versions }) => versions.interpreter),
    ...fact('time of the program', ({ result }) => formatDuration(result.clock.runMs)),
    ...fact('evidence', ({ result }) =>
      [...new Set(result.evidence.map(({ kind, observer }) => `${kind} (${observer})`))].toSorted().join(', '),
    ),
  ];
}
