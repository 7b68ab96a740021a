import type { ComparisonEvent } from '@sandport/admin-api';

/** What came of one program on both sides. */
export type ComparedProgram = Extract<ComparisonEvent, { readonly type: 'compared' }>;

/** In what outcomes can differ, the gravest first. */
export const DIFFERENCE_KINDS = [
  'status',
  'value',
  'output',
  'files',
  'time',
] as const satisfies readonly ComparedProgram['differences'][number]['kind'][];

/** A member of {@link DIFFERENCE_KINDS}. */
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** Which programs are shown. */
export type ComparisonFilter = 'all' | 'differing' | DifferenceKind;

/** A comparison as far as it has come. */
export interface Comparison {
  readonly phase: 'running' | 'ended' | 'stopped' | 'failed';
  readonly left: string;
  readonly right: string;
  readonly total: number | null;
  readonly compared: readonly ComparedProgram[];
  readonly problem: unknown;
}

/** How many programs differ in each kind, and how many at all. */
export function countDifferences(compared: readonly ComparedProgram[]): Readonly<Record<'all' | 'differing' | DifferenceKind, number>> {
  const ofKind = (kind: DifferenceKind): number =>
    compared.filter(({ differences }) => differences.some((each) => each.kind === kind)).length;
  return {
    all: compared.length,
    differing: compared.filter(({ differences }) => differences.length > 0).length,
    status: ofKind('status'),
    value: ofKind('value'),
    output: ofKind('output'),
    files: ofKind('files'),
    time: ofKind('time'),
  };
}

/** What is shown: the programs of a filter, those with the gravest differences first, else as they came. */
export function shownPrograms(compared: readonly ComparedProgram[], filter: ComparisonFilter): readonly ComparedProgram[] {
  const shown = compared.filter(({ differences }) => {
    if (filter === 'all') return true;
    return filter === 'differing' ? differences.length > 0 : differences.some(({ kind }) => kind === filter);
  });
  return shown.toSorted((one, other) => graveness(one) - graveness(other));
}

function graveness({ differences }: ComparedProgram): number {
  const places = differences.map(({ kind }) => DIFFERENCE_KINDS.indexOf(kind));
  return Math.min(DIFFERENCE_KINDS.length, ...places);
}

/** A comparison as a document to keep. */
export function comparisonDocument({ left, right, compared, phase }: Comparison, madeAtMs: number): string {
  const document = {
    format: 'sandport-comparison',
    formatVersion: 1,
    madeAt: new Date(madeAtMs).toISOString(),
    left,
    right,
    isWhole: phase === 'ended',
    programs: compared.map((one) => ({ program: one.program, left: one.left, right: one.right, differences: one.differences })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
