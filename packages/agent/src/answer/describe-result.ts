import type { ArtifactCollection, ExecutionResult, NetworkPolicy } from '@sandport/core';
import { canonicalText } from '../value/canonical-text.ts';
import type { AnswerBudget } from './answer-budget.ts';
import { cutLine, cutText } from './cut-text.ts';
import type { ModelAnswer, ModelArtifact } from './model-answer.ts';
import { resultNotes } from './result-notes.ts';

/** Length of a name, a media type or an error's type that a model is shown. */
const NAME_CHARACTERS = 200;

/** Length of the JSON text of a value from which on its members are not put in order for a model, which sees a part of it anyway: a program must not cost its host seconds. */
const CANONICAL_CHARACTERS = 262_144;

/** What is known of a call besides its result. */
export interface AnswerContext {
  readonly budget: AnswerBudget;
  readonly network: NetworkPolicy;
  /** Sentences that come before those about the result. @default [] */
  readonly notes?: readonly string[] | undefined;
}

/** The compact form of a result: all that a model needs to go on, and never more than the budget. */
export function describeResult(result: ExecutionResult, { budget, network, notes = [] }: AnswerContext): ModelAnswer {
  const value = valueOf(result, budget);
  const { stdout, stderr } = outputsOf(result, budget);
  const artifacts = artifactsOf(result.artifacts, budget);
  const allNotes = [...notes, ...resultNotes(result, network), ...uncountedNote(result.artifacts, budget)];
  return {
    status: result.status,
    ...(value === undefined ? {} : { value }),
    ...(result.error === null
      ? {}
      : { error: cutText(`${cutLine(result.error.type, NAME_CHARACTERS)}: ${result.error.message}`, budget.errorCharacters).text }),
    ...(stdout === '' ? {} : { stdout }),
    ...(stderr === '' ? {} : { stderr }),
    ...(artifacts.length === 0 ? {} : { artifacts }),
    ...(allNotes.length === 0 ? {} : { notes: allNotes }),
  };
}

function valueOf(result: ExecutionResult, { valueCharacters }: AnswerBudget): string | undefined {
  if (result.status !== 'completed' || result.value === undefined) return undefined;
  const { value, valueJson } = result;
  const isTooLarge = typeof value !== 'string' && valueJson !== undefined && valueJson.length > CANONICAL_CHARACTERS;
  return cutText(isTooLarge ? valueJson : canonicalText(value, valueJson), valueCharacters).text;
}

/** What one stream does not need of its half, the other may have. */
function outputsOf({ stdout, stderr }: ExecutionResult, { outputCharacters }: AnswerBudget): { stdout: string; stderr: string } {
  const half = Math.floor(outputCharacters / 2);
  return {
    stdout: cutText(stdout, outputCharacters - Math.min(half, stderr.length)).text,
    stderr: cutText(stderr, outputCharacters - Math.min(half, stdout.length)).text,
  };
}

function artifactsOf({ files }: ArtifactCollection, { artifactCount }: AnswerBudget): ModelArtifact[] {
  return files.slice(0, artifactCount).map(({ path, mediaType, sizeBytes }) => ({
    name: cutLine(path, NAME_CHARACTERS),
    mediaType: cutLine(mediaType, NAME_CHARACTERS),
    sizeBytes,
  }));
}

function uncountedNote({ files }: ArtifactCollection, { artifactCount }: AnswerBudget): string[] {
  return files.length > artifactCount ? [`${files.length - artifactCount} more files came back from artifacts/ and are not listed.`] : [];
}
