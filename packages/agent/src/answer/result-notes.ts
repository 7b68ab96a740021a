import type { ArtifactCollection, Evidence, ExecutionResult, NetworkPolicy } from '@sandport/core';
import { cutLine } from './cut-text.ts';
import { networkNote } from './network-note.ts';

/** Omitted artifacts that are named. */
const MAX_NAMED = 3;

const NAME_CHARACTERS = 120;

/** What a model should know of a result besides what the program said itself, each a plain sentence. */
export function resultNotes(result: ExecutionResult, network: NetworkPolicy): string[] {
  return [
    endNote(result),
    networkNote(result, network),
    missingModuleNote(result),
    ...cutAtLimit(result),
    omittedNote(result.artifacts),
  ].filter((note) => note !== undefined);
}

/** Why it ended, and what to do about it. */
function endNote(result: ExecutionResult): string | undefined {
  switch (result.status) {
    case 'completed':
      return saidNothing(result)
        ? 'The program gave no value, printed nothing and left no file: return or print what you want to see.'
        : undefined;
    case 'failed':
      return 'The program failed. Mend the cause of the error before running it again; what it printed before is no result.';
    case 'timed-out':
      return `The program ran out of time${limitOf(result.evidence, 'timer')} and was ended. Do less in one call: fewer steps, less data, a better algorithm.`;
    case 'out-of-memory':
      return `The program ran out of memory${limitOf(result.evidence, 'out-of-memory')} and was ended. Read data in pieces, and keep less of it at a time.`;
    case 'output-limit-exceeded':
      return `The program printed too much${limitOf(result.evidence, 'output-limit')} and was ended. Print a summary, and write the rest to a file in artifacts/.`;
    case 'cancelled':
      return 'The call was withdrawn while the program ran.';
    case 'killed':
      return 'The program was ended from outside, and nobody can prove why. Run it once more with less memory and fewer processes; if it happens again, say so.';
  }
}

function saidNothing(result: ExecutionResult): boolean {
  const { stdout, stderr, artifacts } = result;
  return !('value' in result) && stdout === '' && stderr === '' && artifacts.files.length === 0;
}

function limitOf(evidence: readonly Evidence[], kind: 'timer' | 'out-of-memory' | 'output-limit'): string {
  const fact = evidence.find((one) => one.kind === kind);
  if (fact?.kind === 'timer') return ` (limit: ${fact.limitMs} ms)`;
  if (fact?.kind === 'output-limit') return ` (limit: ${fact.limitBytes} bytes of ${fact.stream})`;
  if (fact?.kind === 'out-of-memory' && fact.limitBytes !== null) return ` (limit: ${fact.limitBytes} bytes)`;
  return '';
}

function missingModuleNote(result: ExecutionResult): string | undefined {
  if (result.status !== 'failed' || result.error.type !== 'ModuleNotFoundError') return undefined;
  return 'A module is not installed, and none can be installed from here: use the standard library or one that the description names.';
}

function cutAtLimit({ truncated }: ExecutionResult): string[] {
  return (['stdout', 'stderr'] as const).flatMap((stream) =>
    truncated[stream] ? [`${stream} was cut at the limit of the sandbox: its end is lost.`] : [],
  );
}

function omittedNote({ omitted, complete }: ArtifactCollection): string | undefined {
  if (omitted.length === 0) return complete ? undefined : 'Not every file in artifacts/ was brought back.';
  const named = omitted.slice(0, MAX_NAMED).map(({ path, reason }) => `${cutLine(path, NAME_CHARACTERS) || 'the folder'} (${reason})`);
  const rest = omitted.length > MAX_NAMED ? ` and ${omitted.length - MAX_NAMED} more` : '';
  return `Not brought back from artifacts/: ${named.join(', ')}${rest}.`;
}
