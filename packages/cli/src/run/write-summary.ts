import type { ExecutionResult } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { formatBytes } from '../format-bytes.ts';
import { formatDuration } from '../format-duration.ts';
import { printableLine } from '../printable-text.ts';
import type { SavedArtifacts } from './artifacts-folder.ts';

const SHOWN_ARTIFACTS = 20;

/** Says on stderr what became of the program. */
export function writeSummary(context: CliContext, result: ExecutionResult, saved: SavedArtifacts | undefined): void {
  const colors = colorsFor(context.stderr, context);
  const isCompleted = result.status === 'completed';
  const mark = isCompleted ? colors.green('✔') : colors.red('✘');
  const where = colors.dim(`· ${result.providerId} · ${result.isolation.kind}`);
  const lines = [`${mark} ${verdictOf(result)} ${where}`, ...detailsOf(result), ...artifactLines(result, saved)];
  context.stderr.write(`${lines.join('\n')}\n`);
}

function verdictOf(result: ExecutionResult): string {
  const time = formatDuration(result.clock.runMs);
  switch (result.status) {
    case 'completed':
      return `completed in ${time}`;
    case 'failed':
      return `failed after ${time}: ${printableLine(`${result.error.type}: ${result.error.message}`)}`;
    case 'timed-out':
      return `ran out of time after ${time}`;
    case 'out-of-memory':
      return `ran out of memory after ${time}`;
    case 'output-limit-exceeded':
      return `wrote more than the limit and was ended after ${time}`;
    case 'cancelled':
      return `was cancelled after ${time}`;
    case 'killed':
      return `was killed after ${time} by something unknown`;
  }
}

function detailsOf(result: ExecutionResult): string[] {
  const lines: string[] = [];
  if (result.status === 'completed' && result.valueJson !== undefined) lines.push(`value: ${printableLine(result.valueJson, 2000)}`);
  if (result.status !== 'completed' && (result.exitCode ?? 0) !== 0) lines.push(`exit code: ${result.exitCode}`);
  if (result.status !== 'completed' && result.signal !== null) lines.push(`signal: ${printableLine(result.signal, 40)}`);
  for (const stream of ['stdout', 'stderr'] as const) {
    if (result.truncated[stream]) lines.push(`${stream} was cut at its limit`);
  }
  return lines;
}

function artifactLines({ artifacts }: ExecutionResult, saved: SavedArtifacts | undefined): string[] {
  const files = artifacts.files.map(
    ({ path, sizeBytes }) =>
      `${saved === undefined ? 'not saved' : 'saved'}: ${printableLine(saved?.get(path) ?? path)} (${formatBytes(sizeBytes)})`,
  );
  const omitted = artifacts.omitted.map(
    ({ path, reason }) => `not brought back: ${printableLine(path === '' ? 'artifacts/' : path)} (${reason})`,
  );
  const lines = [...files, ...omitted];
  const shown = lines.slice(0, SHOWN_ARTIFACTS);
  if (lines.length > shown.length) shown.push(`and ${lines.length - shown.length} more artifacts`);
  if (files.length > 0 && saved === undefined) shown.push('give --artifacts FOLDER to save them');
  return shown;
}
