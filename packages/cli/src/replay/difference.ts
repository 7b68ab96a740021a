/** Something that was one thing when the call was recorded, and another now. */
export interface Difference {
  /** What is different, for example `status`, `stdout`, `artifacts/plot.png`. */
  readonly field: string;
  /** In words; `null` where there was nothing. */
  readonly recorded: string | null;
  readonly replayed: string | null;
  /** Of an output, the first line that differs, counted from 1. */
  readonly line?: number;
}

/** What a comparison has found. */
export interface Comparison {
  /** What the program did differently. */
  readonly differences: readonly Difference[];
  /** What may differ, for the program is not the cause of it. */
  readonly notes: readonly Difference[];
}

/** The difference of two texts, or none. */
export function differenceOf(field: string, recorded: string | null, replayed: string | null): Difference[] {
  return recorded === replayed ? [] : [{ field, recorded, replayed }];
}
