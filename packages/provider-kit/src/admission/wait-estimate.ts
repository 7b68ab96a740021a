/** What is known of a pool when somebody asks how long a wait would be. All times are milliseconds from now. */
export interface WaitFacts {
  /** How many are served before. */
  readonly ahead: number;
  /** When each of the things that are being made will be ready. */
  readonly readyInMs: readonly number[];
  /** For each place that holds nothing yet, or something that goes: when another can be begun in it. */
  readonly freeInMs: readonly number[];
  /** How many can be made at the same time. */
  readonly makers: number;
  /** How long making one takes. */
  readonly createMs: number;
  /** How long its place stays taken after it was handed out. */
  readonly holdMs: number;
}

/** How many are played forward one by one; the pace at which they are served tells of those behind them. */
const MAX_PLAYED = 256;

/** Puts a value into a list in ascending order. */
function insertSorted(sorted: number[], value: number): void {
  const index = sorted.findLastIndex((other) => other <= value);
  sorted.splice(index + 1, 0, value);
}

/**
 * How long the next one to come would wait, by playing the queue forward: each is served by what is being made, or by what can be made in
 * the first place that becomes free once a maker is free, and gives its place up after the usual time. Infinite when no place ever becomes free.
 */
export function estimateWaitMs(facts: WaitFacts): number {
  const ready = facts.readyInMs.toSorted((left, right) => left - right);
  const places = facts.freeInMs.toSorted((left, right) => left - right);
  // Makers that are at work are free when what they make is ready.
  const makers = ready.slice(0, facts.makers);
  while (makers.length < facts.makers) makers.unshift(0);
  let servedAt = 0;
  const played = Math.min(facts.ahead + 1, MAX_PLAYED);
  for (let served = 0; served < played; served += 1) {
    const made = ready.shift();
    if (made !== undefined) {
      servedAt = made;
    } else {
      const beginAt = Math.max(places.shift() ?? Infinity, makers.shift() ?? Infinity);
      servedAt = beginAt + facts.createMs;
      insertSorted(makers, servedAt);
    }
    if (servedAt === Infinity) return Infinity;
    insertSorted(places, servedAt + facts.holdMs);
  }
  return servedAt * ((facts.ahead + 1) / played);
}

/** How much longer something will last that has lasted for a while: the usual time, and beyond that as long again as it has lasted already. */
export function remainingMs(elapsedMs: number, usualMs: number): number {
  return elapsedMs < usualMs ? usualMs - elapsedMs : elapsedMs;
}
