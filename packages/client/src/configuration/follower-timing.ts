/** Times of a {@link ConfigurationFollower}, in milliseconds. */
export interface FollowerTiming {
  /** Pause between two reads while all is well. A little less is taken now and then, so that clients that were started together do not stay together. */
  readonly pollIntervalMs: number;
  /** Time without a call after which nothing is read any more. */
  readonly idleAfterMs: number;
  /** Longest time that a call waits for the first read after such a rest, before it goes on with the rows that were last good. */
  readonly catchUpMs: number;
  /** How late a read may be before calls wait for it. It is late when the program has kept its thread to itself, or was held. */
  readonly latenessMs: number;
  /** Deadline of the very first read, which may have to open a database. */
  readonly firstReadTimeoutMs: number;
  /** Deadline of each later read. */
  readonly readTimeoutMs: number;
  /** Longest pause between two reads that fail. */
  readonly maxPauseMs: number;
}

/** See {@link FollowerTiming}. */
export const FOLLOWER_TIMING: FollowerTiming = {
  pollIntervalMs: 300,
  idleAfterMs: 60_000,
  catchUpMs: 1000,
  latenessMs: 300,
  firstReadTimeoutMs: 15_000,
  readTimeoutMs: 2000,
  maxPauseMs: 5000,
};

/** Share of a pause by which it may be shorter. */
const JITTER = 0.2;

/** Pause before the next read: longer after each failure in a row, never longer than the longest. */
export function pauseBeforeRead({ pollIntervalMs, maxPauseMs }: FollowerTiming, failuresInRow: number, random: number): number {
  const grown = Math.min(pollIntervalMs * 2 ** Math.min(failuresInRow, 30), Math.max(maxPauseMs, pollIntervalMs));
  return grown * (1 - JITTER * random);
}
