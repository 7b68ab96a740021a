import type { ExecutionRecord } from '@sandport/core';
import type { Comparison, Difference } from './difference.ts';

type RecordedResult = ExecutionRecord['result'];

/** How far a program came that was ended from outside depends on the machine, and so does how much of a cut output there is. */
const ENDED_BY_ITSELF: ReadonlySet<RecordedResult['status']> = new Set(['completed', 'failed']);

/** Compares what two runs wrote. */
export function compareOutputs(recorded: RecordedResult, replayed: RecordedResult): Comparison {
  const differences: Difference[] = [];
  const notes: Difference[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    const [before, now] = [recorded[stream], replayed[stream]];
    const difference = firstDifference(stream, before, now);
    if (difference === undefined) continue;
    (mayDiffer(stream, recorded, replayed) ? notes : differences).push(difference);
  }
  return { differences, notes };
}

/** The first line that differs. */
export function firstDifference(field: string, recorded: string, replayed: string): Difference | undefined {
  if (recorded === replayed) return undefined;
  const [before, now] = [recorded.split('\n'), replayed.split('\n')];
  const index = before.findIndex((line, at) => line !== now[at]);
  const at = index < 0 ? before.length : index;
  return { field, line: at + 1, recorded: before[at] ?? null, replayed: now[at] ?? null };
}

function mayDiffer(stream: 'stdout' | 'stderr', recorded: RecordedResult, replayed: RecordedResult): boolean {
  const [before, now] = [recorded[stream], replayed[stream]];
  const isEnded = recorded.status === replayed.status && !ENDED_BY_ITSELF.has(recorded.status);
  if (isEnded && (before.startsWith(now) || now.startsWith(before))) return true;
  return stream === 'stderr' && withoutTraceback(recorded) === withoutTraceback(replayed);
}

/** A traceback names places of the sandbox and of its interpreter. What else the program wrote counts. */
function withoutTraceback({ stderr, error }: RecordedResult): string {
  const traceback = error?.traceback.trimEnd() ?? '';
  const at = traceback === '' ? -1 : stderr.lastIndexOf(traceback);
  // Its own line end goes with it.
  return at < 0 ? stderr : stderr.slice(0, at) + stderr.slice(at + traceback.length).replace(/^\n/, '');
}
