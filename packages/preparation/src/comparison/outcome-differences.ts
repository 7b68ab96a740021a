import { isDeepStrictEqual } from 'node:util';
import type { ComparedOutcome } from './compared-outcome.ts';

/** In what two outcomes of one program can differ, the gravest first. */
export const DIFFERENCE_KINDS = ['status', 'value', 'output', 'files', 'time'] as const;

/** One of {@link DIFFERENCE_KINDS}. */
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One difference. */
export interface OutcomeDifference {
  readonly kind: DifferenceKind;
  /** One sentence. */
  readonly message: string;
}

/** Times that differ by less than this factor say nothing. */
const MIN_TIME_FACTOR = 2;

/** Nor do times that differ by fewer milliseconds. */
const MIN_TIME_DIFFERENCE_MS = 100;

type Describe = (left: ComparedOutcome, right: ComparedOutcome) => string | undefined;

const DESCRIPTIONS: Readonly<Record<DifferenceKind, Describe>> = {
  status: describeStatus,
  value: describeValue,
  output: describeOutput,
  files: describeFiles,
  time: describeTime,
};

/**
 * In what two outcomes of one program differ, the gravest kind first. Where a side has no result, that is the only difference: nothing else can be compared.
 */
export function describeOutcomeDifferences(left: ComparedOutcome, right: ComparedOutcome): OutcomeDifference[] {
  const kinds = left.status === null || right.status === null ? (['status'] as const) : DIFFERENCE_KINDS;
  return kinds.flatMap((kind) => {
    const message = DESCRIPTIONS[kind](left, right);
    return message === undefined ? [] : [{ kind, message }];
  });
}

function describeStatus(left: ComparedOutcome, right: ComparedOutcome): string | undefined {
  const [leftEnd, rightEnd] = [endOf(left), endOf(right)];
  if (leftEnd !== rightEnd) return `Left ${leftEnd}, right ${rightEnd}.`;
  return left.error === right.error ? undefined : `Both ${leftEnd}, with different errors.`;
}

function endOf({ status, refusal }: ComparedOutcome): string {
  if (status === null) return `was refused with ${refusal?.code ?? 'no code'}`;
  return refusal === null ? `ended as ${status}` : `ended as ${status}, and its sandbox did not end (${refusal.code})`;
}

function describeValue({ value: left }: ComparedOutcome, { value: right }: ComparedOutcome): string | undefined {
  if (left === right) return undefined;
  if (left === null) return 'Only the right side gave a value.';
  if (right === null) return 'Only the left side gave a value.';
  return isSameWrittenOtherwise(left, right) ? 'The values are equal and written differently.' : 'The values differ.';
}

/** A number that is too large for a JavaScript number may look equal when it is not; then it is a difference of writing as well. */
function isSameWrittenOtherwise(left: string, right: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(left), JSON.parse(right));
  } catch (error) {
    // Text that was cut is no JSON.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function describeOutput(left: ComparedOutcome, right: ComparedOutcome): string | undefined {
  const differing = (['stdout', 'stderr'] as const).filter((stream) => left[stream] !== right[stream]);
  const [first] = differing;
  if (first === undefined) return undefined;
  if (differing.length === 2) return 'Both streams differ.';
  const line = firstDifferingLine(left[first], right[first]);
  return `${first} differs from line ${line} on.`;
}

function firstDifferingLine(left: string, right: string): number {
  const rightLines = right.split('\n');
  return 1 + left.split('\n').findIndex((line, index) => line !== rightLines[index] || index === rightLines.length - 1);
}

function describeFiles({ files: left }: ComparedOutcome, { files: right }: ComparedOutcome): string | undefined {
  const digests = new Map(right.map(({ path, sha256 }) => [path, sha256]));
  const onlyLeft = left.filter(({ path }) => !digests.has(path)).map(({ path }) => path);
  const onlyRight = [...digests.keys()].filter((path) => left.every((file) => file.path !== path));
  const changed = left.filter(({ path, sha256 }) => digests.has(path) && digests.get(path) !== sha256).map(({ path }) => path);
  const parts = [partOf(onlyLeft, 'only left'), partOf(onlyRight, 'only right'), partOf(changed, 'with other content')].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? undefined : `Files differ: ${parts.join('; ')}.`;
}

function partOf(paths: readonly string[], how: string): string {
  if (paths.length === 0) return '';
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  return `${how} ${paths.slice(0, 3).join(', ')}${more}`;
}

function describeTime({ totalMs: left }: ComparedOutcome, { totalMs: right }: ComparedOutcome): string | undefined {
  const [slower, faster] = [Math.max(left, right), Math.min(left, right)];
  if (slower - faster < MIN_TIME_DIFFERENCE_MS || slower < MIN_TIME_FACTOR * faster) return undefined;
  const side = left > right ? 'left' : 'right';
  const ratio = faster === 0 ? '' : `${(slower / faster).toFixed(1)} times as long: `;
  return `The ${side} side took ${ratio}${Math.round(slower)} ms and not ${Math.round(faster)} ms.`;
}
