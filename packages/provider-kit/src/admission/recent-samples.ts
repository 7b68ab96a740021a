/** The last measurements of something, for quantiles. Old ones are forgotten as new ones come, so that one bad hour does not last. */
export class RecentSamples {
  readonly #capacity: number;
  readonly #samples: number[] = [];
  #next = 0;

  constructor(capacity = 32) {
    this.#capacity = capacity;
  }

  add(sample: number): void {
    this.#samples[this.#next] = sample;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** The sample below which this share (0 to 1) of the recent ones lies; `undefined` before the first. */
  quantile(share: number): number | undefined {
    if (this.#samples.length === 0) return undefined;
    const sorted = this.#samples.toSorted((left, right) => left - right);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }
}
